// Seals a command so that only the service can open it: whoever holds the phone next sees that there is something,
// and nothing else. ECDH P-256, HKDF-SHA256 and AES-256-GCM, because every browser's WebCrypto has these three.
import { fromBase64Url, randomBytes, toBase64Url, utf8, type Bytes } from "./bytes";

/** The service's public key: `public_key` is the raw point of 65 bytes, base64url. */
export interface SealKey {
  kid: string;
  public_key: string;
}

/** All members but `v` are base64url without padding; `kid` is the service's own name of its key. */
export interface Sealed {
  v: 1;
  kid: string;
  epk: string;
  iv: string;
  ct: string;
}

/** What is inside: one request, whose it is (by the ticket), and the two claims. */
export interface Parcel {
  id: string;
  ticket: string;
  method: string;
  path: string;
  body: string | null;
  ifMatch: string | null;
  madeAt: string;
  madeOffline: boolean;
}

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const INFO = utf8("alongside outbox 1");

async function keyFor(shared: Bytes, salt: Bytes): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: INFO };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}

/** `pair` and `iv` are fixed only by the test that writes the vectors which the server opens. */
export async function seal(
  parcel: Parcel,
  key: SealKey,
  pair?: CryptoKeyPair,
  iv: Bytes = randomBytes(12),
): Promise<Sealed> {
  const mine = pair ?? (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  const theirs = await crypto.subtle.importKey("raw", fromBase64Url(key.public_key), CURVE, false, []);
  const epk = new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const lock = await keyFor(new Uint8Array(shared), epk);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock, utf8(JSON.stringify(parcel)));
  return {
    v: 1,
    kid: key.kid,
    epk: toBase64Url(epk),
    iv: toBase64Url(iv),
    ct: toBase64Url(new Uint8Array(ct)),
  };
}
