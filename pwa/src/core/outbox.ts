// What was saved here and not yet acknowledged by the service: a visible list, and the only source of "sent" and "not sent".
import { decrypt } from "./box";
import { author, commandOf, rowOf, type Command, type CommandKind, type Draft } from "./commands";
import { heldState, isHeld, settleHeld } from "./heldBack";
import { isFull, withStore, type Database, type Row } from "./database";
import { createState } from "./state";
import type { Problem } from "./types";
import { currentKey } from "./vault";

export { mayRecord, NobodysPhone, type CommandKind, type Draft } from "./commands";

export interface Queued {
  id: string;
  patient: string;
  what: CommandKind;
  document: string | null;
  madeAt: string;
  state: "waiting" | "sending" | "needs-you" | "refused";
  show: object | null;
  problem: Problem | null;
}

/** Nothing was saved: the disk is full. The form stays open with what was typed. */
export class OutboxFull extends Error {}

export interface OutboxView {
  /** Everything not yet acknowledged that this phone can read, oldest first. */
  items: Queued[];
  /** How many more there are that nobody on this phone can read. */
  sealed: number;
  /** When the oldest of all of them was made, ms; null when there are none. */
  since: number | null;
  ready: boolean;
}

export const outboxState = createState<OutboxView>({ items: [], sealed: 0, since: null, ready: false });
/** Counts what was added here, for whoever sends. */
export const added = createState(0);
/** When each command of this page was acknowledged: the service's time, ms. */
export const receivedState = createState<ReadonlyMap<string, number>>(new Map());

/** Made on this page and not yet acknowledged: on a shared phone the only readable copy, and it dies with the page. */
const live = new Map<string, Command>();
const sending = new Set<string>();
const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("alongside-outbox");
heldState.subscribe(() => void refresh());
if (others)
  others.onmessage = ({ data }: MessageEvent<string>) => {
    // Let go in another tab: this page must not put it back as something that the browser lost.
    live.delete(data);
    void refresh();
  };

/** One transaction, repeated as a whole on a new connection: the id says whether the first try came through. */
async function put(row: Omit<Row, "n">, instead: string | null, draftOf?: string): Promise<void> {
  const work = async (db: Database): Promise<void> => {
    const transaction = db.transaction(["outbox", "snapshots"], "readwrite");
    const table = transaction.objectStore("outbox");
    const place = instead === null ? undefined : await table.index("id").get(instead);
    if (place) await table.delete(place.n);
    const there = await table.index("id").getKey(row.id);
    // What takes the place of another takes its place in the order too.
    if (there === undefined) await table.add((place ? { ...row, n: place.n } : row) as Row);
    if (draftOf) await transaction.objectStore("snapshots").delete(`person|draft|${draftOf}`);
    await transaction.done;
  };
  try {
    await withStore(work);
  } catch (cause) {
    throw isFull(cause) ? new OutboxFull() : cause;
  }
}

async function save(draft: Draft, instead: string | null): Promise<Queued> {
  const command = commandOf(draft);
  await put(await rowOf(command), instead, draft.draftOf);
  live.set(command.id, command);
  if (instead !== null) live.delete(instead);
  await changed(instead);
  added.set(added.get() + 1);
  return queuedOf(command, "waiting", null);
}

/** Save one command. Throws OutboxFull or NobodysPhone: then nothing was saved, and the form must stay open. */
export function add(draft: Draft): Promise<Queued> {
  return save(draft, null);
}

/** After a conflict or a refusal: the same wish, made anew, in the place of the old one. */
export async function replace(id: string, draft: Draft): Promise<Queued> {
  const made = await save(draft, id);
  if (isHeld(id)) await settleHeld(id, "sent-again");
  return made;
}

/**
 * Let one go for good. The author decides that, and nobody else. Later edits of the same text stood on this one: they
 * are moved back to what it stood on, so that none slips in over words that its author has not seen.
 */
export async function discard(id: string): Promise<void> {
  const gone = await commandIn(id);
  const moved = gone ? await movedTo(gone, gone.ifMatch) : [];
  await withStore(async (db) => {
    const transaction = db.transaction("outbox", "readwrite");
    const n = await transaction.store.index("id").getKey(id);
    if (n !== undefined) await transaction.store.delete(n);
    for (const next of moved)
      if ((await transaction.store.getKey(next.n)) !== undefined) await transaction.store.put(next);
    await transaction.done;
  });
  live.delete(id);
  if (isHeld(id)) await settleHeld(id, "let-go");
  await changed(id);
  added.set(added.get() + 1);
}

async function commandIn(id: string): Promise<Command | null> {
  const row = await withStore((db) => db.getFromIndex("outbox", "id", id));
  const found = row ? await read(row) : null;
  return found === "damaged" ? null : found;
}

/** The rows of later edits of the text that `command` edits, each made anew for this version of it. */
export async function movedTo(command: Command, version: number | null): Promise<Row[]> {
  const rows = await allRows();
  const from = rows.find(({ id }) => id === command.id)?.n ?? Infinity;
  const moved: Row[] = [];
  for (const row of rows) {
    if (row.state !== "waiting" || row.n <= from) continue;
    const next = await read(row);
    if (next === null || next === "damaged" || !isSameText(command, next) || next.ifMatch === version) continue;
    const later = { ...next, ifMatch: version };
    const { box, sealed } = await rowOf(later);
    relive(later);
    moved.push({ ...row, box, sealed });
  }
  return moved;
}

function isSameText(one: Command, next: Command): boolean {
  return one.method === "PUT" && next.method === "PUT" && one.path === next.path;
}

/** For screens: what to draw over the last answer. */
export function pendingFor(patient: string, what?: CommandKind): Queued[] {
  return outboxState.get().items.filter((item) => item.patient === patient && (!what || item.what === what));
}

/** As `pendingFor`, with what was acknowledged since the answer that the screen draws (`at`, service's time in ms). */
export function drawnOver(patient: string, at: number | null, what?: CommandKind): Queued[] {
  const lately = justSent.filter(
    ({ item, sentAt }) => item.patient === patient && (!what || item.what === what) && sentAt > (at ?? 0),
  );
  return [...lately.map(({ item }) => item), ...pendingFor(patient, what)];
}

const justSent: { item: Queued; sentAt: number }[] = [];

/** Told by whoever sends: the service has it. */
export function noteReceived(id: string, at: number): void {
  const command = live.get(id);
  if (command) justSent.push({ item: queuedOf(command, "waiting", null), sentAt: at });
  live.delete(id);
  receivedState.set(new Map(receivedState.get()).set(id, at));
}

export function noteSending(id: string, is: boolean): void {
  if (is) sending.add(id);
  else sending.delete(id);
}

function queuedOf(command: Command, state: Queued["state"], problem: Problem | null): Queued {
  const { id, patient, what, document, madeAt, show } = command;
  return { id, patient, what, document, madeAt, state, show, problem };
}

export function allRows(): Promise<Row[]> {
  return withStore((db) => db.getAll("outbox"));
}

/** The command in a row, null when this phone cannot read it now, "damaged" when it never will. */
export async function read(row: Row): Promise<Command | "damaged" | null> {
  if (row.account !== author()) return null;
  const here = live.get(row.id) ?? null;
  const key = currentKey();
  if (!row.box || !key) return here;
  try {
    const command = await decrypt<Command>(key, `outbox|${row.id}`, row.box);
    return command.id === row.id && typeof command.path === "string" ? command : (here ?? "damaged");
  } catch {
    return here ?? "damaged";
  }
}

async function troubleOf(row: Row): Promise<Problem | null> {
  const key = currentKey();
  if (!row.trouble || !key) return null;
  return decrypt<Problem>(key, `trouble|${row.id}`, row.trouble).catch(() => null);
}

function unreadable(row: Row, code: "damaged" | "cannot-be-opened"): Queued {
  const problem: Problem = { title: code, status: 0, kind: "invalid", code, detail: "" };
  const nothing = { patient: "", what: "unreadable", document: null, show: null } as const;
  return { ...nothing, id: row.id, madeAt: row.madeAt, state: "refused", problem };
}

function stateOf(row: Row): Queued["state"] {
  return sending.has(row.id) && row.state === "waiting" ? "sending" : row.state;
}

async function shown(row: Row): Promise<Queued | null> {
  const command = await read(row);
  if (command === null) return row.sealedUseless && row.box === null ? unreadable(row, "cannot-be-opened") : null;
  // Sealed, it still arrives; it only cannot be shown here.
  if (command === "damaged") return row.sealed && !row.sealedUseless ? null : unreadable(row, "damaged");
  return queuedOf(command, stateOf(row), troubles.get(row.id) ?? (await troubleOf(row)));
}

/** On a phone that keeps nothing readable, why something was refused is known until the page closes. */
export const troubles = new Map<string, Problem>();

let looks = 0;
let shownLook = 0;

/** Look at the table again. Never throws: without a database it says what this page knows. */
export async function refresh(): Promise<void> {
  const look = ++looks;
  try {
    const rows = await allRows();
    const found = await Promise.all(rows.map(shown));
    const here = found.filter((item) => item !== null);
    // What the service holds back waits for the person as much as what is here.
    const items = [...heldState.get().filter((held) => !here.some(({ id }) => id === held.id)), ...here];
    const made = rows.map((row) => Date.parse(row.madeAt)).filter((at) => !Number.isNaN(at));
    const since = made.length > 0 ? Math.min(...made) : null;
    // A look that began later has been drawn already: this one would say what is no longer so.
    if (look < shownLook) return;
    shownLook = look;
    outboxState.set({ items, sealed: rows.length - here.length, since, ready: true });
  } catch {
    const items = [...live.values()].map((command) => queuedOf(command, "waiting", null));
    outboxState.set({ ...outboxState.get(), items, ready: true });
  }
}

/** After every change: this page, and the other tabs of this browser. `gone`: the id of what was let go of. */
export async function changed(gone: string | null = null): Promise<void> {
  await refresh();
  others?.postMessage(gone ?? "changed");
}

/** Its version was moved on; what was made is the same. */
export function relive(command: Command): void {
  if (live.has(command.id)) live.set(command.id, command);
}

/** What this page made and the database no longer has, because the browser emptied it. */
export function livingCommands(): Command[] {
  return [...live.values()];
}

/** Nobody may read on from here: signed out or locked. What is kept readable on the disk is not this module's. */
export function forgetLive(): void {
  live.clear();
  troubles.clear();
  justSent.length = 0;
}
