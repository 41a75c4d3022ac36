// What a screen wants to change becomes a command, and a command becomes a row that only its author and the service can read.
import { reachable } from "./api";
import { encrypt } from "./box";
import type { Row } from "./database";
import { phoneState, SOMEBODY } from "./phone";
import { seal, type Sealed } from "./seal";
import { currentKey, ensureKey } from "./vault";

export type CommandKind =
  | "reading"
  | "check-in"
  | "message"
  | "tick"
  | "plan"
  | "goal"
  | "task"
  | "concern"
  | "sharing"
  | "settings"
  | "feedback"
  /** Damaged on this phone: nobody can say what it was. */
  | "unreadable";

export interface Draft {
  patient: string;
  what: CommandKind;
  method: "POST" | "PUT";
  /** Without /api/v1. */
  path: string;
  body: object | null;
  /** The version that was changed, where the route is versioned. */
  ifMatch?: number;
  /** The path of what is edited: after one of its commands fails for good, its later ones wait. */
  document?: string;
  /** What a screen needs to draw it. */
  show?: object;
  /** The address of the form whose draft has now become this: gone in the same transaction. */
  draftOf?: string;
}

/** What is kept encrypted, and sent as it stands: `body` is the exact text, so that a repeat is the same request. */
export interface Command {
  id: string;
  patient: string;
  what: CommandKind;
  document: string | null;
  method: "POST" | "PUT";
  path: string;
  body: string | null;
  ifMatch: number | null;
  madeAt: string;
  madeOffline: boolean;
  show: object | null;
}

/** Nothing was saved: nobody's phone, so nothing could ever be sent. */
export class NobodysPhone extends Error {}

/** Facts: nobody else can have changed them meanwhile, so they may come without their author. */
const FACTS: readonly CommandKind[] = ["reading", "check-in", "message", "tick", "concern", "feedback"];

/** True for what is sent without its author too; an edit of a text waits for them to sign in. */
export function comesAlone(what: CommandKind): boolean {
  return FACTS.includes(what);
}

/** Whose outbox it is. */
export function author(): string {
  return phoneState.get()?.account ?? SOMEBODY;
}

/** Whether what is recorded now can be kept and sent, signed in or not. */
export function mayRecord(): boolean {
  const facts = phoneState.get();
  if (!facts?.account) return false;
  return currentKey() !== null || (facts.ticket !== null && facts.sealKey !== null);
}

export function commandOf(draft: Draft): Command {
  return {
    id: crypto.randomUUID(),
    patient: draft.patient,
    what: draft.what,
    document: draft.document ?? null,
    method: draft.method,
    path: draft.path,
    body: draft.body === null ? null : JSON.stringify(draft.body),
    ifMatch: draft.ifMatch ?? null,
    madeAt: new Date().toISOString(),
    madeOffline: !navigator.onLine || reachable.get() === false,
    show: draft.show ?? null,
  };
}

async function sealedOf(command: Command): Promise<Sealed | null> {
  const facts = phoneState.get();
  if (!facts?.ticket || !facts.sealKey || !command.path.startsWith("/patients/")) return null;
  const { id, method, path, body, madeAt, madeOffline } = command;
  const ifMatch = command.ifMatch === null ? null : `W/"${String(command.ifMatch)}"`;
  try {
    return await seal({ id, ticket: facts.ticket, method, path, body, ifMatch, madeAt, madeOffline }, facts.sealKey);
  } catch {
    // Without it the author's sign-in is needed to send; it is kept readable to them.
    return null;
  }
}

/** On a shared phone only what cannot be sealed is kept under a key; a locked one has none. */
async function keyFor(sealed: Sealed | null): Promise<CryptoKey | null> {
  if (phoneState.get()?.kind === "shared" && sealed) return null;
  await ensureKey();
  return currentKey();
}

/** Encrypted for the author, where this is their own phone, and sealed for the service, wherever it can be. */
export async function rowOf(command: Command): Promise<Omit<Row, "n">> {
  if (!phoneState.get()?.account) throw new NobodysPhone();
  const sealed = await sealedOf(command);
  const key = await keyFor(sealed);
  if (!key && !sealed) throw new NobodysPhone();
  return {
    id: command.id,
    account: author(),
    fact: comesAlone(command.what),
    madeAt: command.madeAt,
    state: "waiting",
    box: key && (await encrypt(key, `outbox|${command.id}`, command)),
    sealed,
    trouble: null,
    sealedUseless: false,
    faults: 0,
  };
}

