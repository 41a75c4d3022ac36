// A conversation as this phone shows it: what the service has, then what was written here and has not arrived.
import { request } from "./api";
import { add, replace, type Draft, type Queued } from "./outbox";
import type { Message, Thread, ThreadKind } from "./threadTypes";

export interface MessageShow {
  kind: "message";
  thread: ThreadKind;
  id: string;
  words: string;
  private: boolean;
}

/** Four words, each true: kept here; stored by the service; on a screen of theirs; opened by somebody. */
export type MessageState = "saved" | "stuck" | "sent" | "received" | "read";

export interface WaitingMessage {
  queued: Queued;
  show: MessageShow;
}

export function messageShow(queued: Queued): MessageShow | null {
  const show = queued.show as Partial<MessageShow> | null;
  return show?.kind === "message" ? (show as MessageShow) : null;
}

/** Oldest first. What the service already has is not drawn twice while its answer is on the way. */
export function waitingIn(thread: Thread, pending: readonly Queued[]): WaitingMessage[] {
  const arrived = new Set(thread.messages.map(({ id }) => id));
  return pending.flatMap((queued) => {
    const show = messageShow(queued);
    return show && show.thread === thread.kind && !arrived.has(show.id) ? [{ queued, show }] : [];
  });
}

export function stateOf(message: Message): MessageState {
  if (message.read_at !== null) return "read";
  return message.received_by_them_at !== null ? "received" : "sent";
}

export function waitingState(queued: Queued): MessageState {
  return queued.state === "waiting" || queued.state === "sending" ? "saved" : "stuck";
}

/** The newest message of the other side that nobody here has opened, for the mark "read". */
export function newestOfTheirs(thread: Thread): Message | null {
  const theirs = thread.messages.filter(({ by }) => by.relation === "team" || by.relation === "practice");
  return theirs.at(-1) ?? null;
}

export function writeMessage(
  patient: string,
  thread: ThreadKind,
  said: { words: string; private: boolean },
  how: { instead?: Queued | null; draftOf?: string } = {},
): Promise<Queued> {
  const id = crypto.randomUUID();
  const show: MessageShow = { kind: "message", thread, id, ...said };
  const path = `/patients/${patient}/threads/${thread}/messages/${id}`;
  const draft: Draft = { patient, what: "message", method: "PUT", path, body: said, show };
  if (how.draftOf) draft.draftOf = how.draftOf;
  return how.instead ? replace(how.instead.id, draft) : add(draft);
}

/** Said while somebody has it open, and again at the next opening when it did not arrive. Never throws. */
export async function markRead(patient: string, thread: ThreadKind, upto: string): Promise<void> {
  const path = `/patients/${patient}/threads/${thread}/read`;
  const ask = { method: "POST" as const, body: { upto }, idempotencyKey: crypto.randomUUID() };
  await request(path, ask).catch(() => undefined);
}
