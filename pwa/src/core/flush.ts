// Sends the outbox: oldest first, one sender for all tabs, and nothing is let go of before the service has it.
import { encrypt } from "./box";
import { author, rowOf, type Command } from "./commands";
import { isFull, withStore, type Acknowledged, type Row } from "./database";
import { askHeld } from "./heldBack";
import { tellWiped } from "./leaving";
import * as outbox from "./outbox";
import { phoneState } from "./phone";
import { askAfterRestore } from "./restored";
import { sendCommand, sendSealed, type Outcome } from "./sending";
import { sessionState } from "./session";
import { createState } from "./state";
import { pullAll } from "./sync";
import type { Problem } from "./types";
import { currentKey, vaultState } from "./vault";

const LOCK = "alongside-outbox";
const PATIENCE_MS = 120_000;
const AGAIN_MS = 15_000;
const AGAIN_AT_MOST_MS = 300_000;
/** After so many faults over one command, the others go on without it; it is tried again each time. */
const FAULTS = 3;

export interface FlushView {
  running: boolean;
  /** Why what is left was not sent, as far as it is about more than one item. */
  stopped: "signed-out" | "later" | null;
}

export const flushState = createState<FlushView>({ running: false, stopped: null });
const useless = new Set<string>();
let running: Promise<void> | null = null;
let again = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let waits = 0;

/** Send what can be sent now. A second call during the first sends once more after it. Never throws. */
export async function flush(): Promise<void> {
  again = running !== null;
  if (running) return running;
  running = underLock(sendAll).finally(() => (running = null));
  await running;
  if (again) await flush();
}

/** One sender for all tabs, so that order holds and nothing is sent by two at once. */
async function underLock(work: () => Promise<void>): Promise<void> {
  const locks = (navigator as Partial<Navigator>).locks;
  try {
    if (!locks) return await work();
    const patience = { signal: AbortSignal.timeout(PATIENCE_MS) };
    await locks.request(LOCK, patience, work).catch((cause: unknown) => {
      const isAsleep = cause instanceof DOMException && cause.name === "TimeoutError";
      if (!isAsleep) throw cause;
      // A tab that fell asleep holds it. Should it wake while we send, the service knows a repeat for what it is.
      return locks.request(LOCK, { steal: true }, work);
    });
  } catch {
    flushState.set({ ...flushState.get(), running: false });
    planNext(null);
  }
}

type Way = { how: "open"; command: Command } | { how: "sealed" } | { how: "damaged" } | { how: "wait" };

/** `asAuthor`: the session is alive, as far as is known. */
async function wayOf(row: Row, asAuthor: boolean): Promise<Way> {
  const found = await outbox.read(row);
  // What was refused waits for its author, unless a shared phone has forgotten what it was: the service keeps it then.
  if (row.state !== "waiting" && (found !== null || row.box !== null)) return { how: "wait" };
  if (found === "damaged") return isSealable(row) ? { how: "sealed" } : { how: "damaged" };
  if (found && asAuthor) return { how: "open", command: found };
  return isSealable(row) && mayComeAlone(row) ? { how: "sealed" } : { how: "wait" };
}

/** Tried once an opening: the service may have found its key again. */
function isSealable(row: Row): boolean {
  return row.sealed !== null && !(row.sealedUseless && useless.has(row.id));
}

/** An edit may meet somebody else's: its author should be there, unless they may never be there again. */
function mayComeAlone(row: Row): boolean {
  return row.fact || row.account !== author() || row.box === null;
}

interface Round {
  asAuthor: boolean;
  blocked: Set<string>;
  stopped: FlushView["stopped"];
  afterMs: number | null;
  sent: number;
  held: boolean;
}

const NOTHING = { stopped: null, afterMs: null, sent: 0, held: false };
function isAuthorHere(): boolean {
  const session = sessionState.get();
  return session.kind === "in" && phoneState.get()?.signInAgain !== true;
}

/** Before it is known who is here, nothing can be judged. */
function isKnownWho(): boolean {
  return sessionState.get().kind !== "looking" || vaultState.get().state === "locked";
}

async function sendAll(): Promise<void> {
  if (!isKnownWho()) return;
  await putBackLost();
  if (isAuthorHere()) await askAfterRestore();
  const rows = await outbox.allRows();
  if (rows.length === 0) return planNext(null);
  flushState.set({ running: true, stopped: flushState.get().stopped });
  const round: Round = { ...NOTHING, asAuthor: isAuthorHere(), blocked: new Set() };
  for (const { n } of rows) {
    // Read anew: an earlier answer may have changed the version it stands on, and somebody may have let it go.
    const row = await withStore((db) => db.get("outbox", n));
    if (row && !(await sendRow(row, round))) break;
  }
  flushState.set({ running: false, stopped: round.stopped });
  await afterRound(round);
  planNext(round);
}
async function afterRound(round: Round): Promise<void> {
  if (round.held && isAuthorHere()) await askHeld();
  await outbox.changed();
  // What is drawn is now older than what the service has.
  if (round.sent > 0) pullAll();
}

/** False when nothing more can be sent in this round. */
async function sendRow(row: Row, round: Round): Promise<boolean> {
  const way = await wayOf(row, round.asAuthor);
  if (way.how === "damaged") return true;
  const document = await documentOf(row, way);
  if (way.how === "wait" || (document !== null && round.blocked.has(document))) {
    if (document !== null) round.blocked.add(document);
    if (row.state === "waiting" && !round.asAuthor) round.stopped ??= "signed-out";
    return true;
  }
  outbox.noteSending(row.id, true);
  await outbox.refresh();
  const outcome =
    way.how === "open" ? await sendCommand(way.command) : await sendSealed(row.sealed as NonNullable<Row["sealed"]>);
  outbox.noteSending(row.id, false);
  return settle(row, way, outcome, document, round).catch(() => {
    // The phone could not note it, such as on a full disk. It stays, its repeat is known, and the rest goes on.
    if (document !== null) round.blocked.add(document);
    round.stopped = "later";
    return true;
  });
}

async function documentOf(row: Row, way: Way): Promise<string | null> {
  if (way.how === "open") return way.command.document;
  const found = await outbox.read(row);
  return found === null || found === "damaged" ? null : found.document;
}

async function settle(
  row: Row,
  way: Way,
  outcome: Outcome,
  document: string | null,
  round: Round,
): Promise<boolean> {
  const block = (): void => void (document !== null && round.blocked.add(document));
  switch (outcome.kind) {
    case "done":
      await acknowledge(row, outcome.at, await movedBy(way, outcome.version));
      round.sent += 1;
      round.held ||= outcome.held;
      return true;
    case "set-aside":
      block();
      await setAside(row, outcome.state, outcome.problem);
      return true;
    case "useless":
      block();
      useless.add(row.id);
      await change(row.id, (now) => ({ ...now, sealedUseless: true }));
      return true;
    case "fault":
      block();
      await change(row.id, (now) => ({ ...now, faults: now.faults + 1 }));
      round.stopped = "later";
      return row.faults + 1 >= FAULTS;
    case "stop":
      return stop(row, way, outcome, round);
  }
}

async function stop(row: Row, way: Way, outcome: Outcome & { kind: "stop" }, round: Round): Promise<boolean> {
  if (outcome.why === "later") {
    round.stopped = "later";
    round.afterMs = outcome.afterMs;
    return false;
  }
  round.stopped = "signed-out";
  // Nobody is signed in any more: what may come sealed still goes, and the rest is kept for them.
  const wasAuthor = round.asAuthor;
  round.asAuthor = false;
  return wasAuthor && way.how === "open" ? sendRow(row, round) : false;
}

/** The service has it: out of the list, and kept for 30 days for the day it is restored from a backup. */
async function acknowledge(row: Row, at: number, moved: Row[]): Promise<void> {
  const { n, id, account, fact, madeAt, box, sealed } = row;
  const kept: Acknowledged = { n, id, account, fact, madeAt, box, sealed, at: Date.now() };
  const settled = (keeps: boolean): Promise<void> =>
    withStore(async (db) => {
      const transaction = db.transaction(["outbox", "acknowledged"], "readwrite");
      await transaction.objectStore("outbox").delete(n);
      // In the same transaction: a phone that dies in between must not meet its own edit as somebody else's.
      for (const next of moved)
        if ((await transaction.objectStore("outbox").getKey(next.n)) !== undefined)
          await transaction.objectStore("outbox").put(next);
      if (keeps) await transaction.objectStore("acknowledged").put(kept);
      await transaction.done;
    });
  await settled(true).catch((cause: unknown) => {
    if (!isFull(cause)) throw cause;
    // Better without the copy for a restored service than for ever "not sent".
    return settled(false);
  });
  outbox.noteReceived(id, at);
}

async function change(id: string, how: (row: Row) => Row): Promise<void> {
  await withStore(async (db) => {
    const transaction = db.transaction("outbox", "readwrite");
    const row = await transaction.store.index("id").get(id);
    if (row) await transaction.store.put(how(row));
    await transaction.done;
  });
}

async function setAside(row: Row, state: "needs-you" | "refused", problem: Problem): Promise<void> {
  const key = row.box && currentKey();
  const trouble = key ? await encrypt(key, `trouble|${row.id}`, problem) : null;
  outbox.troubles.set(row.id, problem);
  await change(row.id, (now) => ({ ...now, state, trouble }));
}

/**
 * Later edits of the same text were made on this phone on top of this one, so they go on from the version that this
 * one has become. None was ever sent, because one document's edits go strictly one after the other. When more has
 * happened than this one edit (a repeat may be answered late), they stay, and meet it as a conflict.
 */
function movedBy(way: Way, version: number | null): Promise<Row[]> | Row[] {
  if (way.how !== "open" || version === null || version > (way.command.ifMatch ?? 0) + 1) return [];
  return outbox.movedTo(way.command, version);
}

/** A browser may empty its database under an open page; what the page still knows is kept again. */
async function putBackLost(): Promise<void> {
  for (const command of outbox.livingCommands()) {
    const isKnown = await withStore(async (db) => {
      const waiting = await db.getKeyFromIndex("outbox", "id", command.id);
      return waiting !== undefined || (await db.getKey("acknowledged", command.id)) !== undefined;
    });
    if (isKnown) continue;
    const row = await rowOf(command);
    await withStore((db) => db.add("outbox", row as Row));
  }
}

/** Sent again without a tap, soon at first and less often while nobody answers. */
function planNext(round: Round | null): void {
  clearTimeout(timer);
  const left = outbox.outboxState.get();
  if (left.items.length + left.sealed === 0) {
    waits = 0;
    return;
  }
  waits = round && round.sent > 0 ? 0 : waits + 1;
  const wait = round?.afterMs ?? Math.min(AGAIN_MS * 2 ** Math.max(0, waits - 1), AGAIN_AT_MOST_MS);
  timer = setTimeout(() => void flush(), wait);
}

/** Send on start, whenever the network or the page comes back, and after each save. Called once. */
export function startFlush(): void {
  outbox.added.subscribe(() => void flush());
  addEventListener("online", () => void flush());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void flush();
  });
  vaultState.subscribe(() => {
    if (vaultState.get().state === "open" && isAuthorHere()) void askHeld();
    void outbox.refresh().then(flush);
  });
  sessionState.subscribe(() => void outbox.refresh().then(flush));
  outbox.outboxState.subscribe(() => void tellWiped());
  void outbox.refresh().then(flush);
}
