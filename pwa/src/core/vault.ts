// The data key of a person's own phone: who can open it, when it is in memory, and when it is destroyed.
import { fromBase64Url, randomBytes, toBase64Url, utf8, type Bytes } from "./bytes";
import { getRow, withStore } from "./database";
import { askPasskey, makePasskey } from "./passkey";
import { SOMEBODY, keepPhone, phoneState } from "./phone";
import { createState } from "./state";

/** As 2023 guidance of OWASP asks of PBKDF2-HMAC-SHA256. About a second on a cheap phone. */
const ROUNDS = 600_000;
const TRIES = 10;
export const SHORTEST_PIN = 6;

interface Wrapped {
  salt: Bytes;
  iv: Bytes;
  ct: ArrayBuffer;
}

/** Kept under the account, so that a second person's sign-in never opens the first one's. */
interface KeyRecord {
  /** Without a lock: wrapped by a key which the browser keeps and never gives out. */
  device: { key: CryptoKey; wrapped: Wrapped } | null;
  pin: Wrapped | null;
  passkey: (Wrapped & { credential: string }) | null;
  /** Wrong PINs in a row, counted before each try is judged. */
  wrong: number;
}

export type LockWay = "pin" | "passkey";

export interface VaultView {
  /** `none`: no key here. `locked`: there is one, and it is not in memory. */
  state: "none" | "locked" | "open";
  ways: LockWay[];
}

export const vaultState = createState<VaultView>({ state: "none", ways: [] });

let dataKey: CryptoKey | null = null;

/** The key in memory, or null while it is locked or there is none. */
export function currentKey(): CryptoKey | null {
  return dataKey;
}

const nameOf = (account: string): string => `key|${account}`;
const owner = (): string => phoneState.get()?.account ?? SOMEBODY;
const freshKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);

async function readRecord(account = owner()): Promise<KeyRecord | null> {
  return ((await getRow("vault", nameOf(account))) as KeyRecord | undefined) ?? null;
}

async function writeRecord(record: KeyRecord, account = owner()): Promise<void> {
  await withStore((db) => db.put("vault", record, nameOf(account)));
}

function waysOf(record: KeyRecord | null): LockWay[] {
  const ways: LockWay[] = [];
  if (record?.passkey) ways.push("passkey");
  if (record?.pin) ways.push("pin");
  return ways;
}

function show(record: KeyRecord | null): void {
  const state = dataKey ? "open" : record ? "locked" : "none";
  vaultState.set({ state, ways: waysOf(record) });
}

async function wrap(key: CryptoKey, under: CryptoKey, salt: Bytes): Promise<Wrapped> {
  const iv = randomBytes(12);
  const raw = await crypto.subtle.exportKey("raw", key);
  return { salt, iv, ct: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, under, raw) };
}

/** Throws when `under` is not the key it was wrapped with. */
async function unwrap(wrapped: Wrapped, under: CryptoKey): Promise<CryptoKey> {
  const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: wrapped.iv }, under, wrapped.ct);
  return crypto.subtle.importKey("raw", raw, "AES-GCM", true, ["encrypt", "decrypt"]);
}

async function fromPin(pin: string, salt: Bytes): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function fromSecret(secret: Bytes, salt: Bytes): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8("alongside vault 1") };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function withoutLock(key: CryptoKey): Promise<KeyRecord> {
  const device = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const wrapped = await wrap(key, device, randomBytes(16));
  return { device: { key: device, wrapped }, pin: null, passkey: null, wrong: 0 };
}

/** Open what opens without a question, at start. Never throws: damaged or gone is as good as none. */
export async function openVault(): Promise<void> {
  dataKey = null;
  let record: KeyRecord | null = null;
  try {
    record = await readRecord();
    if (record?.device) dataKey = await unwrap(record.device.wrapped, record.device.key);
  } catch {
    record = null;
  }
  show(record);
}

/** False when another save or another tab has made one meanwhile: two keys would leave one of them lost. */
function addRecord(record: KeyRecord, account = owner()): Promise<boolean> {
  return withStore(async (db) => {
    const transaction = db.transaction("vault", "readwrite");
    const isFirst = (await transaction.store.getKey(nameOf(account))) === undefined;
    if (isFirst) await transaction.store.put(record, nameOf(account));
    await transaction.done;
    return isFirst;
  });
}

/** A key for whoever is signed in, made when there is none. A locked one is left locked. Never throws. */
export async function ensureKey(): Promise<void> {
  if (dataKey) return;
  try {
    if (await readRecord()) return await openVault();
    const key = await freshKey();
    if (!(await addRecord(await withoutLock(key)))) return await openVault();
    dataKey = key;
    show(await readRecord());
  } catch {
    // A browser that keeps no keys keeps nothing else either: everything then stays in memory.
    vaultState.set({ state: "none", ways: [] });
  }
}

export function isGoodPin(pin: string): boolean {
  return /^\d{6,}$/.test(pin);
}

/** Lock with a PIN from now on, beside a passkey if there is one. Needs an open vault. */
export async function setPin(pin: string): Promise<void> {
  if (!dataKey || !isGoodPin(pin)) throw new Error("A PIN needs an open vault and 6 digits.");
  const salt = randomBytes(16);
  const wrapped = await wrap(dataKey, await fromPin(pin, salt), salt);
  await change((record) => ({ ...record, device: null, pin: wrapped, wrong: 0 }));
}

/** Lock with the phone's own finger, face or code. False when this phone has no way of doing that, or was told no. */
export async function setPasskey(): Promise<boolean> {
  const salt = randomBytes(32);
  const made = dataKey && (await makePasskey(salt));
  if (!made || !dataKey) return false;
  const wrapped = await wrap(dataKey, await fromSecret(made.secret, salt), salt);
  const credential = toBase64Url(made.credential);
  await change((record) => ({ ...record, device: null, passkey: { ...wrapped, credential }, wrong: 0 }));
  return true;
}

/** Take one way out; without any, the phone opens without a question again. */
export async function removeWay(way: LockWay): Promise<void> {
  const key = dataKey;
  if (!key) return;
  const record = await readRecord();
  if (!record) return;
  const next = { ...record, [way]: null };
  await change(async () => (next.pin || next.passkey ? next : await withoutLock(key)));
}

async function change(how: (record: KeyRecord) => KeyRecord | Promise<KeyRecord>): Promise<void> {
  const before = (await readRecord()) ?? { device: null, pin: null, passkey: null, wrong: 0 };
  const next = await how(before);
  await writeRecord(next);
  show(next);
}

/** `left`: how many tries are left after a wrong one. 0: the key is gone, and `destroy` has been done. */
export async function openWithPin(pin: string): Promise<{ open: boolean; left: number }> {
  const record = await readRecord();
  if (!record?.pin) return { open: false, left: 0 };
  // Counted first: whoever closes the page while it is judged has used the try all the same.
  const wrong = record.wrong + 1;
  await writeRecord({ ...record, wrong });
  try {
    dataKey = await unwrap(record.pin, await fromPin(pin, record.pin.salt));
  } catch {
    if (wrong >= TRIES) await shutForGood();
    return { open: false, left: Math.max(0, TRIES - wrong) };
  }
  const good = { ...record, wrong: 0 };
  await writeRecord(good);
  show(good);
  return { open: true, left: TRIES };
}

/** First that the cookie alone opens nothing, so that closing the page in between is no way round the lock. */
async function shutForGood(): Promise<void> {
  const facts = phoneState.get();
  if (facts) await keepPhone({ ...facts, signInAgain: true });
  await destroyKey();
}

/** False when the phone's own question was not answered, or another passkey answered it. */
export async function openWithPasskey(): Promise<boolean> {
  const record = await readRecord();
  if (!record?.passkey) return false;
  const { salt, credential } = record.passkey;
  const secret = await askPasskey(fromBase64Url(credential), salt);
  if (!secret) return false;
  try {
    dataKey = await unwrap(record.passkey, await fromSecret(secret, salt));
  } catch {
    return false;
  }
  const good = { ...record, wrong: 0 };
  await writeRecord(good);
  show(good);
  return true;
}

/** Out of memory. Without a lock there is nothing to lock. */
export function lockVault(): void {
  const { ways } = vaultState.get();
  if (ways.length === 0) return;
  dataKey = null;
  vaultState.set({ state: "locked", ways });
}

/** What was encrypted with it can never be read again. */
export async function destroyKey(account = owner()): Promise<void> {
  if (account === owner()) dataKey = null;
  await withStore((db) => db.delete("vault", nameOf(account))).catch(() => undefined);
  if (account === owner()) vaultState.set({ state: "none", ways: [] });
}

