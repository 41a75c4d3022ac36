// The browser's database: its tables, one connection, and a second try, because iOS drops connections without a word.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Box } from "./box";
import type { Sealed } from "./seal";

const NAME = "alongside";
/** 1: snapshots in the clear. 2: the person's are encrypted, and there is an outbox. */
const VERSION = 2;

/** One command that the service has not acknowledged yet. What it says is in `box` or `sealed` only. */
export interface Row {
  /** The order in which commands were made, given by the database. */
  n: number;
  id: string;
  /** The public id of the account that made it. */
  account: string;
  /** A fact, such as a reading, may be brought sealed at any time; an edit waits for its author to be there. */
  fact: boolean;
  /** The phone's own clock, ISO 8601, for "not sent for 2 days". */
  madeAt: string;
  state: "waiting" | "needs-you" | "refused";
  /** For its author on their own phone. */
  box: Box | null;
  /** For the service. */
  sealed: Sealed | null;
  /** Why it was refused, readable to its author; the answer may hold the other version of a text. */
  trouble: Box | null;
  /** True when the service could not open what is sealed. */
  sealedUseless: boolean;
  /** How often the service has failed over it. */
  faults: number;
}

/** A command that the service has, kept for 30 days in case the service is restored from a backup. */
export interface Acknowledged {
  n: number;
  id: string;
  account: string;
  fact: boolean;
  madeAt: string;
  box: Box | null;
  sealed: Sealed | null;
  /** When it was acknowledged: this phone's clock, in ms. */
  at: number;
}

export interface Tables extends DBSchema {
  snapshots: { key: string; value: unknown };
  vault: { key: string; value: unknown };
  outbox: { key: number; value: Row; indexes: { id: string } };
  acknowledged: { key: string; value: Acknowledged };
}

export type Database = IDBPDatabase<Tables>;

let connection: Promise<Database> | null = null;

function upgrade(db: Database, from: number): void {
  if (from < 1) db.createObjectStore("snapshots");
  db.createObjectStore("vault");
  db.createObjectStore("outbox", { keyPath: "n", autoIncrement: true }).createIndex("id", "id", { unique: true });
  db.createObjectStore("acknowledged", { keyPath: "id" });
}

function open(): Promise<Database> {
  connection ??= openDB<Tables>(NAME, VERSION, {
    upgrade(db, from, _to, transaction) {
      upgrade(db, from);
      if (from === 1) void forgetPlain(transaction.objectStore("snapshots"));
    },
    terminated: () => (connection = null),
    blocking: () => void close(),
  });
  return connection;
}

interface Keyed {
  getAllKeys(): Promise<string[]>;
  delete(key: string): Promise<void>;
}

/** What version 1 kept of a person stands in the clear, so it goes; the team's number for Help may stay. */
async function forgetPlain(table: unknown): Promise<void> {
  const snapshots = table as Keyed;
  for (const key of await snapshots.getAllKeys()) {
    if (key.startsWith("person|") && key !== "person|help") await snapshots.delete(key);
  }
}

export async function close(): Promise<void> {
  const old = connection;
  connection = null;
  (await old?.catch(() => null))?.close();
}

export function isFull(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "QuotaExceededError";
}

/** One failure earns one try on a new connection; a full disk does not get emptier by asking again. */
export async function withStore<T>(work: (db: Database) => Promise<T>): Promise<T> {
  // Whatever else is done may change what was read ahead.
  ahead = null;
  try {
    return await work(await open());
  } catch (cause) {
    if (isFull(cause)) throw cause;
    await close();
    return work(await open());
  }
}

type Ahead = ReadonlyMap<string, unknown>;
let ahead: Promise<Ahead | null> | null = null;

/**
 * Read what the first page needs in one go, instead of one row after another: the vault, and those rows of `snapshots`
 * whose keys begin with one of `names`. What is read stays as it is kept, and encrypted where it is.
 */
export function readAhead(names: readonly string[]): void {
  const read = withStore((db) => rowsAhead(db, names)).catch(() => null);
  ahead = read;
}

/** From here on every row is read when it is asked for. */
export function endReadAhead(): void {
  ahead = null;
}

async function rowsAhead(db: Database, names: readonly string[]): Promise<Ahead> {
  const transaction = db.transaction(["vault", "snapshots"]);
  const snapshots = transaction.objectStore("snapshots");
  const vault = transaction.objectStore("vault");
  const ranges = names.map((name) => IDBKeyRange.bound(name, `${name}\uffff`));
  const read = [
    [vault.getAllKeys(), vault.getAll()],
    ...ranges.map((range) => [snapshots.getAllKeys(range), snapshots.getAll(range)]),
  ] as [Promise<string[]>, Promise<unknown[]>][];
  const found = await Promise.all(read.map((pair) => Promise.all(pair)));
  return new Map(found.flatMap(([keys, rows]) => keys.map((key, index) => [key, rows[index]] as const)));
}

/** One row, from what was read ahead if nothing has been done in the database since. */
export async function getRow(table: "vault" | "snapshots", key: string): Promise<unknown> {
  const rows = await ahead;
  return rows?.has(key) ? rows.get(key) : withStore((db) => db.get(table, key));
}

/** Everything, the outbox too: only for what holds no outbox. */
export async function deleteEverything(): Promise<void> {
  await close();
  await deleteDB(NAME).catch(() => undefined);
}
