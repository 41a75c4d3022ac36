// What this device keeps so that screens open without a network: the last answers, by audience and address.
// Every read and write goes through here: a person's own phone keeps them encrypted, any other phone in memory only.
import { decrypt, encrypt, type Box } from "./box";
import { close, deleteEverything, getRow, withStore } from "./database";
import { phoneState } from "./phone";
import type { Audience } from "./types";
import { currentKey } from "./vault";

/** A snapshot nobody opened for this long is deleted unread: a lost phone should forget. */
const DAY_MS = 24 * 3600 * 1000;
const KEEP_MS = 14 * DAY_MS;
/** Needed before anybody has signed in or unlocked, so they stand in the clear: no name, no value, no health fact. */
const IN_THE_CLEAR: readonly string[] = ["help"];

export interface Snapshot<T = unknown> {
  etag: string | null;
  savedAt: number;
  /** When it was last looked at, to the day: whoever opens it each day keeps it, however long there is no network. */
  openedAt?: number;
  body: T;
}

interface Kept {
  savedAt: number;
  openedAt?: number;
  box: Box;
}

const inMemory = new Map<string, Snapshot>();

function keyOf(audience: Audience, name: string): string {
  return `${audience}|${name}`;
}

type Place = { kind: "clear" } | { kind: "boxed"; key: CryptoKey } | { kind: "memory" };

function placeOf(audience: Audience, name: string): Place {
  if (audience === "team" || IN_THE_CLEAR.includes(name)) return { kind: "clear" };
  const key = currentKey();
  return key && phoneState.get()?.kind === "own" ? { kind: "boxed", key } : { kind: "memory" };
}

/** The kept answer, or null: nothing kept, too old, locked, damaged, or this browser keeps nothing. */
export async function readSnapshot<T>(audience: Audience, name: string): Promise<Snapshot<T> | null> {
  const key = keyOf(audience, name);
  const place = placeOf(audience, name);
  try {
    if (place.kind === "memory") return fresh(inMemory.get(key) as Snapshot<T> | undefined);
    const kept = (await getRow("snapshots", key)) as Snapshot<T> | Kept | undefined;
    if (!fresh(kept)) {
      if (kept) await withStore((db) => db.delete("snapshots", key));
      return null;
    }
    await noteOpened(key, kept as Snapshot<T> | Kept);
    if (place.kind === "clear") return kept as Snapshot<T>;
    return await decrypt<Snapshot<T>>(place.key, key, (kept as Kept).box);
  } catch {
    return null;
  }
}

/** Read before a screen asked for it, so that the first page is drawn whole at once. Each is given out once. */
const warm = new Map<string, Snapshot>();

export async function warmUp(audience: Audience, names: readonly string[]): Promise<void> {
  const read = async (name: string): Promise<void> => {
    const kept = await readSnapshot(audience, name);
    if (kept) warm.set(keyOf(audience, name), kept);
  };
  await Promise.all(names.map(read));
}

/** What `warmUp` has read, as it still stands on the device, or null: then `readSnapshot` has to look. */
export function takeWarm<T>(audience: Audience, name: string): Snapshot<T> | null {
  const kept = warm.get(keyOf(audience, name)) as Snapshot<T> | undefined;
  warm.delete(keyOf(audience, name));
  return kept ?? null;
}

interface Seen {
  savedAt: number;
  openedAt?: number;
}

const lastSeen = ({ savedAt, openedAt = 0 }: Seen): number => Math.max(savedAt, openedAt);

function fresh<T extends Seen>(kept: T | undefined): T | null {
  return kept && Date.now() - lastSeen(kept) <= KEEP_MS ? kept : null;
}

async function noteOpened(key: string, kept: Snapshot | Kept): Promise<void> {
  if (Date.now() - lastSeen(kept) < DAY_MS) return;
  await withStore(async (db) => {
    const transaction = db.transaction("snapshots", "readwrite");
    const now = (await transaction.store.get(key)) as Seen | undefined;
    // A newer answer may have come meanwhile.
    if (now?.savedAt === kept.savedAt) await transaction.store.put({ ...now, openedAt: Date.now() }, key);
    await transaction.done;
  }).catch(() => undefined);
}

/** False when the device would not keep it (a full disk, private browsing): the screen still works. */
export async function writeSnapshot(audience: Audience, name: string, snapshot: Snapshot): Promise<boolean> {
  const key = keyOf(audience, name);
  const place = placeOf(audience, name);
  warm.delete(key);
  if (place.kind === "memory") {
    inMemory.set(key, snapshot);
    return true;
  }
  try {
    const kept =
      place.kind === "clear"
        ? snapshot
        : { savedAt: snapshot.savedAt, box: await encrypt(place.key, key, snapshot) };
    await withStore((db) => db.put("snapshots", kept, key));
    return true;
  } catch {
    return false;
  }
}

export async function dropSnapshot(audience: Audience, name: string): Promise<void> {
  inMemory.delete(keyOf(audience, name));
  warm.delete(keyOf(audience, name));
  await withStore((db) => db.delete("snapshots", keyOf(audience, name))).catch(() => undefined);
}

/** What is only in memory goes: the phone was locked or somebody else may go on. */
export function forgetMemory(): void {
  inMemory.clear();
  warm.clear();
}

/** Forget what this audience kept. `except` names what may stay, such as the team's telephone number. */
export async function forget(audience: Audience, except: readonly string[] = []): Promise<void> {
  warm.clear();
  const spared = new Set(except.map((name) => keyOf(audience, name)));
  for (const key of inMemory.keys()) if (key.startsWith(`${audience}|`) && !spared.has(key)) inMemory.delete(key);
  try {
    await withStore(async (db) => {
      const transaction = db.transaction("snapshots", "readwrite");
      for (const key of await transaction.store.getAllKeys()) {
        if (key.startsWith(`${audience}|`) && !spared.has(key)) await transaction.store.delete(key);
      }
      await transaction.done;
    });
  } catch {
    // A person's are unreadable without the key, and an outbox stands beside them. A desk has no outbox.
    if (audience === "team") await deleteEverything();
    else await close();
  }
}
