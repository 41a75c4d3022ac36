// The shapes of the worklist and of a person for the team; what stands on one card is in cardTypes.
// Times are ISO 8601 UTC; values are decimal strings. A null fact is not known, never "no".
import type { AlertLevel, LatestTile, Kit, ReadingKind, ReadingValue } from "./types";

export interface RowPatient {
  id: string;
  display_name: string;
  nhs_number: string;
  age: number;
  gender: "female" | "male" | "other" | "unknown";
  phone: string | null;
  lives_alone: boolean | null;
  key_safe_reference: string | null;
  language?: string | null;
  interpreter?: boolean | null;
  hearing?: string | null;
  sight?: string | null;
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

interface FindingBase {
  id: string;
  level: AlertLevel;
  rule: string;
  title: string;
  reason: string;
  kind: "clinical" | "technical" | "alarm";
  true_at: string;
  known_at: string;
  opened_at: string;
  late: boolean;
  acknowledge_by: string | null;
  contact_by: string | null;
  state: "open" | "claimed" | "closed";
  closed_at: string | null;
  outcome: string | null;
  judged_by: string;
  /** What the facts say by now, where they no longer say what raised it. */
  stands: { level: string | null; words: string } | null;
  contacted_at: string | null;
}

export interface Finding extends FindingBase {
  evidence: Record<string, unknown>[];
  is_new: boolean;
  snoozed_until: string | null;
  withdrawn: string | null;
}

/** Whom a nurse tries, in the order in which it is usual. */
export const WHOM = ["person", "second-number", "key-holder", "welfare-check", "999", "other"] as const;
export type Whom = (typeof WHOM)[number];
export const HOW = ["call", "video", "message", "visit", "voice-unit"] as const;
export const RESULTS = ["reached", "no-reply", "left-message"] as const;

export interface NextAction {
  what: "claim" | "accept" | "contact" | "try-again" | "look-again" | "recheck" | "close";
  words: string;
  by: string | null;
  suggest: Whom | null;
}

export interface LadderStep {
  rung: number;
  who: string;
  channel: string;
  due: string | null;
  at: string | null;
  outcome: string;
  words: string;
}

/** One card: its words and times are those of its worst open finding. */
export interface Row extends FindingBase {
  version: number;
  patient: RowPatient | null;
  unassigned: { device_id: string | null; words: string } | null;
  owner: { name: string; id: string; me: boolean } | null;
  claimed_at: string | null;
  note: string | null;
  repeats: number;
  also: string[];
  /** Cancelled at the device; it stays open until somebody closes it. */
  cancelled_at: string | null;
  /** What the device that raised it was told last; `sent_at` is null while it waits to be told. */
  device_told: { state: DeviceState; at: string; sent_at: string | null; away: boolean } | null;
  findings: Finding[];
  new_findings: number;
  red: boolean;
  no_cover: boolean;
  call_999: boolean;
  data_at: string | null;
  data_age_s: number | null;
  next_action: NextAction | null;
  climbs_at: string | null;
  rung: number;
  steps: LadderStep[];
  ladder_end: string | null;
  undelivered: boolean;
  snooze: { until: string; by: string | null; why: string | null; level: string | null } | null;
  recheck: { by: string; why: string | null } | null;
  handover: { from: string; to: string; to_me: boolean; due_at: string } | null;
  undo: { what: "claim" | "close" | "snooze"; until: string } | null;
  follow_up: { do: "record-death" | "record-admission" } | null;
}

export interface Counts {
  unclaimed: number;
  mine: number;
  rechecks: number;
  no_cover: number;
  all: number;
  red: number;
  amber: number;
  handed_to_me: number;
}

export interface Storm {
  since: string;
  count: number;
  threshold: number;
  by_rule: { rule: string; title: string; count: number }[];
}

export interface Worklist {
  as_of: string;
  team: { name: string };
  rows: Row[];
  rechecks: Row[];
  counts: Counts;
  quarantine: { open: number };
  desks: number;
  listening: number;
  listening_team: number;
  last_checked: string | null;
  /** False: the rules are not running, so that an empty list proves nothing. */
  checking: boolean;
  storm: Storm | null;
  more: { amber: number; from: number; next: number | null };
  demo: { watch: string } | null;
}

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

export interface TeamPerson {
  as_of: string;
  patient: Omit<RowPatient, "language" | "interpreter" | "hearing" | "sight"> & {
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
  timeline: TimelineEvent[];
}

export interface TimelineEvent {
  at: string;
  kind: "alert" | "observation" | "claim" | "close" | "device";
  words: string;
  reading?: { kind: ReadingKind; values: ReadingValue[] };
}
