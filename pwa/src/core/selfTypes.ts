// The shapes of what a person takes and answers themselves: typed readings, the kept year, and check-ins.
import type { AlertLevel, Range, ReadingKind, ValueCode } from "./types";

export interface Band {
  from: string;
  to: string;
  level: AlertLevel;
}

/** One number to type: what is possible, what is asked for once more, and what it alone would raise. */
export interface TakenCode {
  code: ValueCode;
  unit: string;
  step: "1" | "0.1";
  hard: [string, string];
  soft: [string, string];
  range: Range | null;
  bands: Band[];
}

export interface TakenKind {
  kind: ReadingKind;
  expected: boolean;
  device: string | null;
  codes: TakenCode[];
  acts: Record<"urgent" | "emergency", Act> | null;
}

/** What to do, and whose words they are: an agreed plan's, the pathway's, or our own default. */
export interface Act {
  words: string[];
  from: "plan" | "pathway" | "nobody";
}

export interface Taking {
  as_of: string;
  monitored: boolean;
  kinds: TakenKind[];
  oxygen: { litres: string | null } | null;
  hypo: { under: string };
  line: { name: string; phone: string } | null;
}

export interface YearKind {
  unit: string;
  codes: ValueCode[];
  t0: string | null;
  /** Minutes since the one before. */
  dt: number[];
  v: Partial<Record<ValueCode, (number | string | null)[]>>;
  /** A letter each: d device, p the person, c a carer, t the team. */
  src: string;
  /** Places of those the device itself doubts. */
  bad: number[];
  range: Range | null;
  usual: Partial<Record<ValueCode, { low: string; high: string }>>;
  stale_after_s: number;
}

export interface Year {
  as_of: string;
  asks_oxygen: boolean;
  kinds: Partial<Record<ReadingKind, YearKind>>;
}

export type AnswerValue = string | number;
export type Answers = Record<string, AnswerValue | null>;

export interface Option {
  value: AnswerValue;
  words: string;
  level?: "amber" | "red";
  do?: string;
}

export interface Item {
  id: string;
  text: string;
  help?: string;
  kind: "choice" | "yes-no" | "number" | "words";
  options?: Option[];
  low?: string;
  high?: string;
  unit?: string;
  optional?: boolean;
  ask_if?: { item: string; in: AnswerValue[] };
}

export interface Safety {
  item: string;
  over: number;
  then: "safe-now";
  asks: string;
  words: string;
  lines: { name: string; phone: string; words: string }[];
  yes: string;
  no: string;
}

export type Light = "green" | "amber" | "red";

export interface Questionnaire {
  id: string;
  version: string;
  title: string;
  who: "person" | "carer" | "either";
  private: boolean;
  licence: string;
  source: string;
  intro: string;
  items: Item[];
  scoring: {
    kind: "sum" | "who5" | "highest" | "none";
    items?: string[];
    bands?: { to: number; name: string; words: string; level?: "amber" | "red" }[];
  };
  safety?: Safety;
  next: Record<Light, string>;
}

export interface CheckInResult {
  total: number | null;
  band: string | null;
  words: string;
  level: Light;
}

export interface DueSitting {
  id: string;
  ids: string[];
  titles: string[];
  questions: number;
  due_at: string;
}

export interface GivenCheckIn {
  id: string;
  questionnaire: string;
  title: string;
  at: string;
  by: string;
  private: boolean;
  result: CheckInResult | null;
}

export interface CheckIns {
  as_of: string;
  due: DueSitting[];
  next_at: string | null;
  given: GivenCheckIn[];
  drafts: { id: string; version: number; questionnaire: string; answers: Answers }[];
  left_out: { id: string; title: string; why: string }[];
}
