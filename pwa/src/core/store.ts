// What this device keeps so that screens open without a network: the last answers, by audience and address.
// Every read and write goes through here, so that a later change can encrypt the snapshot in one place.
import { deleteDB, openDB, type IDBPDatabase } from "idb";
import type { Audience } from "./types";

const NAME = "alongside";
const TABLE = "snapshots";
/** A snapshot nobody opened for this long is deleted unread: a lost phone should forget. */
const KEEP_MS = 14 * 24 * 3600 * 1000;

export interface Snapshot<T = unknown> {
  etag: string | null;
  savedAt: number;
  body: T;
}

let connection: Promise<IDBPDatabase> | null = null;

function open(): Promise<IDBPDatabase> {
  connection ??= openDB(NAME, 1, {
    upgrade: (db) => void db.createObjectStore(TABLE),
    terminated: () => (connection = null),
    blocking: () => void close(),
  });
  return connection;
}

async function close(): Promise<void> {
  const old = connection;
  connection = null;
  (await old?.catch(() => null))?.close();
}

/** iOS drops database connections without a word, so one failure earns one try on a new connection. */
async function withStore<T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> {
  try {
    return await work(await open());
  } catch {
    await close();
    return work(await open());
  }
}

function keyOf(audience: Audience, name: string): string {
  return `${audience}|${name}`;
}

/** The kept answer, or null: nothing kept, too old, or this browser keeps nothing. */
export async function readSnapshot<T>(audience: Audience, name: string): Promise<Snapshot<T> | null> {
  try {
    const key = keyOf(audience, name);
    const kept = (await withStore((db) => db.get(TABLE, key))) as Snapshot<T> | undefined;
    if (!kept) return null;
    if (Date.now() - kept.savedAt <= KEEP_MS) return kept;
    await withStore((db) => db.delete(TABLE, key));
    return null;
  } catch {
    return null;
  }
}

/** False when the device would not keep it (a full disk, private browsing): the screen still works. */
export async function writeSnapshot(audience: Audience, name: string, snapshot: Snapshot): Promise<boolean> {
  try {
    await withStore((db) => db.put(TABLE, snapshot, keyOf(audience, name)));
    return true;
  } catch {
    return false;
  }
}

/** Forget what this audience kept. `except` names what may stay, such as the team's telephone number. */
export async function forget(audience: Audience, except: readonly string[] = []): Promise<void> {
  const spared = new Set(except.map((name) => keyOf(audience, name)));
  try {
    await withStore(async (db) => {
      const transaction = db.transaction(TABLE, "readwrite");
      for (const key of await transaction.store.getAllKeys()) {
        if (typeof key === "string" && key.startsWith(`${audience}|`) && !spared.has(key))
          await transaction.store.delete(key);
      }
      await transaction.done;
    });
  } catch {
    await close();
    await deleteDB(NAME).catch(() => undefined);
  }
}
