// The shapes the server answers with, so that every screen is checked against the API contract.
// Times are ISO 8601 UTC; values are decimal strings, never floats.

export type Audience = "person" | "team";
export type AlertLevel = "emergency" | "urgent" | "soon" | "routine" | "info";
export type ReadingKind = "blood-pressure" | "spo2" | "pulse" | "weight";
export type ValueCode = "systolic" | "diastolic" | "spo2" | "pulse" | "weight";

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
  code: "blood-pressure" | "spo2" | "weight";
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
  advice: { level: "urgent" | "emergency"; words: string[] } | null;
  devices: Kit[];
  demo: { watch: string } | null;
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

export interface RowPatient {
  id: string;
  display_name: string;
  nhs_number: string;
  age: number;
  gender: "female" | "male" | "other" | "unknown";
  phone: string;
  lives_alone: boolean;
  key_safe_reference: string | null;
}

export type DeviceState =
  "received" | "being_handled" | "help_coming" | "resolved" | "cannot_reach_anyone";

/** Who may have set off, in the order a nurse asks. */
export const RESPONDERS = [
  "key-holder",
  "family",
  "neighbour",
  "responder-team",
  "nurse",
  "ambulance",
  "fire-and-rescue",
  "police",
] as const;
export interface Responder {
  who: (typeof RESPONDERS)[number];
  name: string;
  eta_minutes: number | null;
  /** False: they are not coming after all. */
  set_off: boolean;
}

export interface Row {
  id: string;
  patient: RowPatient | null;
  unassigned: { device_id: string; words: string } | null;
  level: AlertLevel;
  rule: string;
  title: string;
  reason: string;
  kind: "clinical" | "technical" | "alarm";
  true_at: string;
  known_at: string;
  opened_at: string;
  late: boolean;
  contact_by: string | null;
  state: "open" | "claimed" | "closed";
  owner: { name: string; id: string; me: boolean } | null;
  claimed_at: string | null;
  version: number;
  also: string[];
  /** Cancelled at the device; it stays open until somebody closes it. */
  cancelled_at: string | null;
  /** What the device that raised it was told last; `sent_at` is null while it waits to be told. */
  device_told: { state: DeviceState; at: string; sent_at: string | null; away: boolean } | null;
  outcome?: string | null;
}

export interface Worklist {
  as_of: string;
  team: { name: string };
  rows: Row[];
  counts: { unclaimed: number; mine: number; no_cover: number; all: number };
  quarantine: { open: number };
  desks: number;
  demo: { watch: string } | null;
}

export interface TeamPerson {
  as_of: string;
  patient: RowPatient & {
    birth_date: string;
    gp_practice: { name: string; ods_code: string } | null;
    status: string;
    team: string | { name: string } | null;
  };
  alerts: Row[];
  latest: LatestTile[];
  pathways: { id: string; title: string; version: string | number }[];
  limits: {
    code: string;
    low: string | null;
    high: string | null;
    set_by: string;
    set_at: string;
    source: string;
  }[];
  devices: {
    id: string;
    device_id: string;
    kind: string;
    model: string;
    firmware: string | null;
    battery_pct: number | null;
    last_seen_at: string | null;
    state: Kit["state"];
    from: string;
  }[];
  timeline: {
    at: string;
    kind: "alert" | "observation" | "claim" | "close" | "device";
    words: string;
    reading?: { kind: ReadingKind; values: ReadingValue[] };
  }[];
}

export type LiveEvent =
  | { t: "hello" }
  | { t: "observation"; p: string; c: string[]; e: string; r: string }
  | { t: "alert"; p: string | null; a: string; l: AlertLevel; s: string; k: string }
  | { t: "device"; p: string | null; d: string }
  | { t: "quarantine"; r: string };

/** The ten ways an alert may be closed, in the order a nurse uses them. */
export const OUTCOMES = [
  "contact",
  "advice",
  "change-of-care",
  "visit",
  "passed-on",
  "no-change",
  "999-or-admitted",
  "in-hospital",
  "died",
  "wrong-alert",
] as const;
export type Outcome = (typeof OUTCOMES)[number];
