// The shapes the server answers with, so that every screen is checked against the API contract.
// Times are ISO 8601 UTC; values are decimal strings, never floats.

import type { Task } from "./planTypes";

export type Audience = "person" | "team";
export type AlertLevel = "emergency" | "urgent" | "soon" | "routine" | "info";
export type ReadingKind =
  "blood-pressure" | "spo2" | "pulse" | "weight" | "temperature" | "glucose" | "peak-flow";
export type ValueCode =
  "systolic" | "diastolic" | "spo2" | "pulse" | "weight" | "temperature" | "glucose" | "peak-flow";

export interface Problem {
  title: string;
  status: number;
  kind: "invalid" | "not-allowed" | "not-found" | "conflict" | "unavailable";
  code: string;
  detail: string;
  errors?: Record<string, string[]>;
  current?: unknown;
}

export interface PatientChoice {
  id: string;
  display_name: string;
  relation: "self" | "carer";
}

export interface Session {
  audience: Audience;
  kind: "patient" | "related-person" | "practitioner";
  display_name: string;
  csrf: string;
  expires_at: string;
  patients: PatientChoice[];
  team: { name: string } | null;
  /** What a member of staff is in the team; null for everybody else. */
  role: string | null;
  demo: boolean;
  /** The public id of the account: the author of what this phone sends. */
  account?: string;
  /** Which phone of theirs this is, when the sign-in named one. */
  phone?: { id: string; kind: "own" | "shared" } | null;
  /** Given once, when a phone was named: the right to bring what was recorded after the session has ended. */
  upload_ticket?: string | null;
  seal_key?: { kid: string; public_key: string } | null;
  lock_after_s?: number;
}

export interface Range {
  low: string | null;
  high: string | null;
  source: string;
}

export interface ReadingValue {
  code: ValueCode;
  value: string | null;
  special: string | null;
  unit: string;
}

export interface LatestTile {
  kind: ReadingKind;
  values: ReadingValue[];
  effective_at: string | null;
  received_at: string | null;
  age_s: number | null;
  stale: boolean;
  stale_after_s: number;
  source: "device" | "person" | "team";
  quality: "ok" | "suspect";
  state: "in-range" | "above" | "below" | "no-range" | "no-data";
  level: AlertLevel | null;
  range: Range | null;
}

export interface HomeAlert {
  id: string;
  level: AlertLevel;
  title: string;
  reason: string;
  true_at: string;
  opened_at: string;
  state: "open" | "claimed" | "closed";
  seen_at: string | null;
  owner: string | null;
}

export interface HomeTeam {
  name: string;
  phone: string;
  hours: string;
  watching_now: boolean;
  next_watch_at: string | null;
}

export interface Kit {
  id: string;
  kind: string;
  last_seen_at: string | null;
  state: "ok" | "late" | "silent" | "never";
  battery_pct: number | null;
}

export interface NowTask {
  kind: "take-reading";
  code: ReadingKind;
  due_at: string | null;
  device: { model: string } | null;
}

export interface Home {
  as_of: string;
  patient: { id: string; display_name: string };
  status: string;
  monitored: boolean;
  pathways: { id: string; title: string }[];
  now: NowTask | null;
  latest: LatestTile[];
  alerts: HomeAlert[];
  team: HomeTeam;
  advice: {
    level: "urgent" | "emergency";
    words: string[];
    line?: { name: string; phone: string } | null;
    /** Whose words: the person's own plan's, or the pathway's. */
    from?: "plan" | "pathway";
  } | null;
  devices: Kit[];
  demo: { watch: string } | null;
  /** Absent from a copy that an older version kept. */
  todo?: Task[];
  check_in?: { ids: string[]; titles: string[]; questions: number; due_at: string } | null;
  reply?: { team: string; by: string; state: "waiting" | "overdue" } | null;
  /** A helper's own worry of the last days, where the person chose that they are told. */
  worry?: { said_at: string; seen_at: string | null; by: string | null } | null;
}

export interface SeriesPoint {
  effective_at: string;
  received_at: string;
  values: Partial<Record<ValueCode, string>>;
  quality: "ok" | "suspect";
  level: AlertLevel | null;
}

export type Median = Partial<Record<ValueCode, string>>;

export interface Series {
  as_of: string;
  kind: ReadingKind;
  unit: string;
  range: Range | null;
  points: SeriesPoint[];
  summary: {
    count: number;
    median: Median | null;
    previous_median: Median | null;
    direction: "higher" | "lower" | "same" | null;
  };
}

export type LiveEvent =
  | { t: "hello" }
  | { t: "observation"; p: string; c: string[]; e: string; r: string }
  | { t: "alert"; p: string | null; a: string; l: AlertLevel; s: string; k: string }
  | { t: "message"; p: string; k: string }
  | { t: "device"; p: string | null; d: string }
  | { t: "quarantine"; r: string };
