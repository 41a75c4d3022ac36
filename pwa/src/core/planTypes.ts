// The shapes of a person's plan as the server answers with it. Times are ISO 8601 UTC; days are "2026-08-06".

export type Relation = "self" | "carer" | "team";

/** Who changed something and when. `made_at` is what the phone's own clock said, which is a claim. */
export interface Edited {
  by: string | null;
  relation: Relation;
  name: string;
  at: string;
  made_at: string | null;
  offline: boolean;
}

export interface Signature {
  by_name: string;
  role: "person" | "clinician";
  at: string;
}

export interface Medicine {
  name: string;
  dose: string;
  when: string;
  what_for: string;
}

export interface TextBody {
  text: string;
}

/** Green, amber or red: what I notice, what I do, whom I call. */
export interface AdviceBody {
  signs: string[];
  do: string[];
  call: string;
}

export interface MedicinesBody {
  medicines: Medicine[];
}

export interface Contact {
  name: string;
  relation: string;
  phone: string | null;
}

export interface ContactsBody {
  contacts: Contact[];
}

export type SectionBody = TextBody | AdviceBody | MedicinesBody | ContactsBody;
export type SectionKind = "text" | "advice" | "medicines" | "contacts";

export type SectionState = "agreed" | "waiting-for-you" | "waiting-for-clinician" | "own";

/** The text that both have signed, while a newer one waits for a signature. */
export interface Agreed {
  version: number;
  body: SectionBody;
  signatures: Signature[];
}

export interface Section {
  key: string;
  title: string;
  kind: SectionKind;
  /** What could be written here; empty when there is nothing to say. */
  prompt: string;
  body: SectionBody;
  clinical: boolean;
  private: boolean;
  version: number;
  edited: Edited | null;
  signatures: Signature[];
  agreed_version: number | null;
  agreed: Agreed | null;
  state: SectionState;
}

export interface Step {
  id: string;
  text: string;
  done_on: string | null;
}

export type GoalState = "open" | "reached" | "let-go";

export interface Goal {
  id: string;
  text: string;
  why: string;
  by_date: string | null;
  state: GoalState;
  steps: Step[];
  version: number;
  private: boolean;
  edited: Edited | null;
}

export interface Tick {
  due_on: string;
  /** The time of that day, as "08:30". */
  due_at: string | null;
  done: boolean;
  why: string | null;
  at: string | null;
  by: string | null;
}

export type TaskKind = "action" | "medicine" | "reading" | "check-in";

export interface Task {
  id: string;
  kind: TaskKind;
  text: string;
  how: string;
  days: string[];
  times: string[];
  remind: boolean;
  stopped: boolean;
  version: number;
  private: boolean;
  edited: Edited | null;
  ticks: Tick[];
}

export interface Proposal {
  id: string;
  section: string;
  on_version: number;
  body: SectionBody;
  by: string | null;
  relation: Relation;
  name: string;
  at: string;
  made_at: string | null;
  offline: boolean;
  state: "open" | "accepted" | "declined";
  words: string;
  settled_by: string | null;
  settled_at: string | null;
}

export interface AdvanceDocument {
  kind: string;
  dated: string;
  original_at: string;
  ceiling: string | null;
  verified_by: string;
  verified_on: string;
}

export interface Plan {
  as_of: string;
  patient: { id: string; display_name: string; birth_date: string; nhs_number: string };
  sections: Section[];
  goals: Goal[];
  todo: Task[];
  proposals: Proposal[];
  documents: AdvanceDocument[];
  range_words: string[];
  contacts: Contact[];
  team: { name: string; phone: string; hours: string };
  practice: { name: string; phone: string | null } | null;
  /** In place of 999, of a signed end-of-life plan. */
  line: { name: string; phone: string } | null;
  /** What who looks may do: edit, agree, settle. */
  may: string[];
}

export interface HistoryRow {
  section: string;
  version: number;
  by: string;
  relation: Relation;
  at: string;
  made_at: string | null;
  offline: boolean;
  from: SectionBody | null;
  to: SectionBody;
  signatures: Signature[];
}

export interface History {
  rows: HistoryRow[];
}

/** How a person is reminded; version 0 is what nobody has chosen yet. */
export interface Reminders {
  version: number;
  readings: boolean;
  check_ins: boolean;
  medicines: boolean;
  /** Own times by kind of reading, as "08:30". */
  times: Record<string, string>;
  /** The pathways' times by kind of reading. */
  expected: Record<string, string[]>;
  quiet_from: string;
  quiet_to: string;
  channel: string;
  email: string | null;
  channels: string[];
  tell_seen: boolean;
}
