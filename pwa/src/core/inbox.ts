// Conversations as staff see them: the list of a team or a practice, one conversation, and what is done with it.
import { ApiError, request } from "./api";
import type { KitAnswer } from "./kit";
import { once } from "./resources";
import { pullAll, type Resource } from "./sync";
import type { LiveEvent } from "./types";

export type ThreadKind = "team" | "practice";
export type ThreadState = "quiet" | "waiting" | "overdue" | "answered";

export interface Writer {
  relation: "self" | "carer" | "team" | "practice";
  name: string;
  me: boolean;
}

export interface ThreadMessage {
  id: string;
  by: Writer;
  words: string;
  made_at: string | null;
  received_at: string;
  sent_late: boolean;
  private: boolean;
  received_by_them_at: string | null;
  read_at: string | null;
  read_by: string[];
  danger: string[];
}

export interface ThreadOwner {
  name: string;
  me: boolean;
}

export interface Settled {
  how: "reply" | "no-reply-needed";
  at: string;
  by: string;
  why: string | null;
}

export interface PersonOfThread {
  id: string;
  display_name: string;
  nhs_number: string;
  birth_date: string;
  phone: string | null;
}

export interface InboxRow {
  kind: ThreadKind;
  patient: PersonOfThread;
  practice: string | null;
  state: ThreadState;
  danger: string[];
  last: Pick<ThreadMessage, "id" | "by" | "words" | "received_at" | "private">;
  waiting: string[];
  waiting_since: string | null;
  reply_by: string | null;
  owner: ThreadOwner | null;
  settled: Settled | null;
  may_write: boolean;
  version: number;
}

export interface Inbox {
  as_of: string;
  name: string;
  practice: boolean;
  waiting: number;
  threads: InboxRow[];
}

export interface Thread {
  kind: ThreadKind;
  name: string;
  hours: string | null;
  unread: number;
  last: ThreadMessage | null;
  owner: ThreadOwner | null;
  reply_by: string | null;
  waiting_since: string | null;
  state: ThreadState;
  settled: Settled | null;
  promise: string;
  may_write: boolean;
  version: number;
  messages: ThreadMessage[];
  more: boolean;
}

export interface OneThread {
  as_of: string;
  thread: Thread;
  patient: PersonOfThread | null;
}

/** Messages of the person or of who helps them that come after the last answer. */
export function waitingIn(thread: Thread): ThreadMessage[] {
  if (thread.waiting_since === null) return [];
  const since = thread.waiting_since;
  return thread.messages.filter((one) => isTheirs(one) && one.received_at >= since);
}

export function isTheirs(message: Pick<ThreadMessage, "by">): boolean {
  return message.by.relation === "self" || message.by.relation === "carer";
}

export function inbox(): Resource<Inbox> {
  return once<Inbox>("inbox", "/threads", (event: LiveEvent) => event.t === "message");
}

export function threadPath(patient: string, kind: string): string {
  return `/patients/${patient}/threads/${kind}`;
}

export function threadOf(patient: string, kind: string): Resource<OneThread> {
  const wants = (event: LiveEvent): boolean => event.t === "message" && event.p === patient;
  return once<OneThread>(`thread/${patient}/${kind}`, threadPath(patient, kind), wants);
}

/** An older page, before a message. Raises ApiError. */
export async function earlier(patient: string, kind: string, before: string): Promise<Thread | null> {
  const answer = await request<OneThread>(`${threadPath(patient, kind)}?before=${before}`);
  return answer.body?.thread ?? null;
}

/** `id` is made once for one answer, so that a second try after a lost reply stores nothing twice. */
export async function answerWith(
  path: string,
  id: string,
  body: { words: string; private: boolean; seen: string | null },
): Promise<KitAnswer<null>> {
  try {
    await request(`${path}/messages/${id}`, { method: "PUT", body, idempotencyKey: id });
    return { kind: "done", body: null };
  } catch (cause) {
    return { kind: "refused", error: cause instanceof ApiError ? cause : new ApiError("no-network", 0, null) };
  } finally {
    pullAll();
  }
}

const onScreen = new Set<string>();

/** Say once that these stand on this screen, so that whoever wrote them knows; a failure is tried with the next. */
export async function sayReceived(ids: readonly string[]): Promise<void> {
  const fresh = ids.filter((id) => !onScreen.has(id)).slice(0, 200);
  if (fresh.length === 0 || document.visibilityState !== "visible") return;
  for (const id of fresh) onScreen.add(id);
  await request("/threads/received", { method: "POST", body: { messages: fresh } }).catch(() => {
    for (const id of fresh) onScreen.delete(id);
  });
}

/** Say that everything up to a message was opened. */
export async function sayRead(path: string, upto: string): Promise<void> {
  await request(`${path}/read`, { method: "POST", body: { upto }, idempotencyKey: crypto.randomUUID() }).catch(
    () => undefined,
  );
}

/** What was typed and not sent, kept while the page is open and on no disk: a desk is shared. */
export const drafts = new Map<string, string>();
