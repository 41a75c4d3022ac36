// The shapes the desk of held messages is answered with. Times are ISO 8601 UTC.
import type { AlertLevel } from "./types";

export interface PersonName {
  id: string;
  display_name: string;
}

export interface HeldReason {
  reason: string;
  words: string;
  count: number;
}

export interface HeldRow {
  id: string;
  first_received_at: string;
  received_at: string;
  device_id: string;
  model: string | null;
  channel: string;
  reason: string;
  words: string;
  what_to_do: string;
  /** Null when it concerns somebody another team looks after. */
  detail: string | null;
  is_hidden: boolean;
  message_id: string | null;
  times: number;
  size: number;
  resolved_at: string | null;
  resolution: string | null;
  people: PersonName[];
}

export interface HeldList {
  as_of: string;
  counts: HeldReason[];
  devices: { device_id: string; count: number }[];
  models: { model: string; count: number }[];
  rows: HeldRow[];
  next: string | null;
}

export interface HeldTry {
  at: string;
  state: string;
  words: string | null;
  by: string;
  person: string | null;
  /** What can still be undone. */
  correction: string | null;
}

export interface HeldMessage extends HeldRow {
  as_of: string;
  topic: string;
  form: string;
  text: string;
  mark: number[] | null;
  is_whole: boolean;
  tries: HeldTry[];
  others: { id: string; received_at: string; words: string }[];
  may_replay: boolean;
  may_attribute: boolean;
}

export interface ReplayProgress {
  id: string;
  asked_at: string;
  total: number;
  waiting: number;
  stored: number;
  duplicate: number;
  refused: number;
  reasons: HeldReason[];
}

export interface PersonChoice extends PersonName {
  birth_date: string;
  nhs_number: string;
  wore: boolean;
}

export interface VoidPreview {
  device_id: string;
  model: string | null;
  messages: number;
  readings: number;
  elsewhere: number;
  people: (PersonName & { messages: number; first_at: string; last_at: string })[];
}

export interface Correction {
  id: string;
  kind: string;
  device_id: string | null;
  from_at: string | null;
  to_at: string | null;
  reason: string;
  made_at: string;
  made_by: string;
  undone_at: string | null;
  undone_by: string | null;
  undone_reason: string | null;
  messages: number;
  people: PersonName[];
}

interface Said {
  patient: string;
  title: string;
  reason: string;
  level: AlertLevel;
  true_at: string;
}

export interface Difference {
  alerts: (Said & { id: string; state: string; wholly: boolean })[];
  only_with: (Said & { rule: string })[];
  only_without: (Said & { rule: string })[];
}
