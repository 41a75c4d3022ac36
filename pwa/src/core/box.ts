// Encrypts what stays on the phone: AES-256-GCM under the data key, bound to the name it is kept under.
import { randomBytes, textOf, utf8, type Bytes } from "./bytes";

export interface Box {
  iv: Bytes;
  ct: ArrayBuffer;
}

/** `name` is where it is kept: moved to another place it does not open. */
export async function encrypt(key: CryptoKey, name: string, value: unknown): Promise<Box> {
  const iv = randomBytes(12);
  const how = { name: "AES-GCM", iv, additionalData: utf8(name) };
  return { iv, ct: await crypto.subtle.encrypt(how, key, utf8(JSON.stringify(value))) };
}

/** Throws when it is damaged, belongs to another key, or was moved. */
export async function decrypt<T>(key: CryptoKey, name: string, box: Box): Promise<T> {
  const how = { name: "AES-GCM", iv: box.iv, additionalData: utf8(name) };
  return JSON.parse(textOf(await crypto.subtle.decrypt(how, key, box.ct))) as T;
}
