// The shapes of the two conversations: with the care team and with the practice.
import type { DangerWords } from "./danger";

export type ThreadKind = "team" | "practice";

export interface Message {
  id: string;
  by: { relation: "self" | "carer" | "team" | "practice"; name: string; me: boolean };
  words: string;
  /** What the writer's own clock said, which is a claim; null when it did not say. */
  made_at: string | null;
  received_at: string;
  sent_late: boolean;
  private: boolean;
  /** When the other side first had it on a screen, and when somebody of theirs first opened it. */
  received_by_them_at: string | null;
  read_at: string | null;
  read_by: string[];
  danger: string[];
}

export interface Thread {
  kind: ThreadKind;
  name: string;
  hours: string | null;
  watching_now: boolean;
  next_watch_at: string | null;
  phone: string | null;
  unread: number;
  last: Message | null;
  owner: { name: string; me: boolean } | null;
  reply_by: string | null;
  waiting_since: string | null;
  state: "quiet" | "waiting" | "overdue" | "answered";
  settled: { how: "reply" | "no-reply-needed"; at: string; by: string; why: string | null } | null;
  promise: string;
  may_write: boolean;
  version: number;
  messages: Message[];
  more: boolean;
}

export interface Threads {
  as_of: string;
  threads: Thread[];
  danger: DangerWords;
}

export interface OneThread {
  as_of: string;
  thread: Thread;
}
