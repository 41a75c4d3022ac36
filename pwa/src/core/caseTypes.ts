// The shapes of people who join, live here and leave, as the server answers them. Times are ISO 8601 UTC.

/** What somebody is asked while they join; each is saved by itself, under the name the server gives it. */
export interface JoiningSteps {
  identity: Identity | null;
  contacts: Contacts | null;
  needs: Needs | null;
  consent: Consent | null;
  facts: Facts | null;
  pathways: Pathways | null;
  board: Board | null;
}

export interface Identity {
  nhs_number: string;
  given_name: string;
  family_name: string;
  birth_date: string;
  gender: string;
  phone: string | null;
  second_phone: string | null;
  address: string | null;
  postcode: string | null;
  gp_ods_code: string | null;
  checked_by: string;
}

export interface Contact {
  relation: string;
  name: string;
  phone: string | null;
  tell: boolean;
}

export interface Contacts {
  lives_alone: boolean | null;
  key_safe_reference: string | null;
  contacts: Contact[];
}

export interface Needs {
  language: string | null;
  interpreter: boolean | null;
  hearing: string | null;
  sight: string | null;
  reach: string | null;
  rescue_pack: boolean | null;
  rescue_pack_where: string | null;
}

export interface Capacity {
  decision: string;
  outcome: string;
  evidence: string;
  assessed_by: string;
  assessed_on: string;
  review_on: string;
}

export interface Proxy {
  name: string;
  phone: string | null;
  basis: string;
  decision: string;
  evidence: string;
  granted_by: string;
  review_on: string;
  scopes: string[];
}

export interface Consent {
  monitoring: boolean;
  how: string;
  capacity: Capacity | null;
  proxies: Proxy[];
}

/** Quantities are decimal strings; everything null is not known, never "no". */
export type Facts = Record<string, string | boolean | null>;

export interface Target {
  code: string;
  low: string | null;
  high: string | null;
  reason: string;
}

export interface RuleChoice {
  rule: string;
  name: string;
  value: string;
  reason: string;
}

/** A number of a rule that pathways set differently: somebody who knows the person chooses. */
export interface RuleConflict {
  rule: string;
  name: string;
  values: { value: string; source: string }[];
}

export interface Pathways {
  pathways: string[];
  limits: Target[];
  choices: RuleChoice[];
}

export interface Board {
  ethnicity: string | null;
  language: string | null;
  disability: string | null;
  digital_access: string | null;
  channel: string | null;
  deprivation_decile: number | null;
}

export type BoardWords = Record<"ethnicity" | "language" | "disability" | "digital_access" | "channel", string[]>;

export interface JoiningRow {
  id: string;
  version: number;
  display_name: string | null;
  started_at: string;
  changed_at: string;
  started_by: string;
  state: string;
  done: string[];
  patient_id: string | null;
}

export interface Joinings {
  as_of: string;
  rows: JoiningRow[];
}

export interface LimitConflict {
  code: string;
  ranges: { low: string | null; high: string | null; source: string }[];
}

export interface JoinedKit {
  id: string;
  device_id: string;
  kind: string;
  model: string | null;
  serial: string | null;
  state: string;
  slot: number;
  is_telecare: boolean;
}

export interface Joining {
  id: string;
  version: number;
  as_of: string;
  state: string;
  started_at: string;
  changed_at: string;
  started_by: string;
  steps: JoiningSteps;
  done: string[];
  /** What stands between this draft and the person's record. */
  missing: { step: string; words: string }[];
  patient: { id: string; display_name: string; status: string; version: number } | null;
  kit: JoinedKit[];
  first_reading: { at: string; received_at: string; kind: string } | null;
  paired: boolean;
  /** What stands between this person and being watched, a sentence each. */
  problems: string[];
  conflicts: LimitConflict[];
  rule_conflicts: RuleConflict[];
  warnings: string[];
}

export interface PathwayChoice {
  pathway: string;
  title: string;
  version: string;
  for_whom: string;
  facts_needed: string[];
  kit: string[];
}

export interface Known {
  known: string;
  patient_id: string | null;
  words: string;
}

export interface PairingCode {
  code: string;
  expires_at: string;
  link: string;
}

export interface CasePerson {
  id: string;
  display_name: string;
  nhs_number: string;
  birth_date: string;
}

/** The order in which somebody passes through them; only "live" is watched. */
export const STATUSES = ["referred", "awaiting-kit", "live", "paused", "ended"] as const;

export interface CaseRow {
  patient: CasePerson;
  status: string;
  monitored: boolean;
  died_on: string | null;
  pathways: string[];
  review_due: string | null;
  review_overdue: boolean;
  last_reading_at: string | null;
  pause: { kind: string; until: string } | null;
  open_alerts: number;
  joining_id: string | null;
}

export interface Caseload {
  as_of: string;
  counts: { status: string; count: number }[];
  rows: CaseRow[];
}

export interface Pause {
  id: string;
  version: number;
  kind: string;
  reason: string;
  from: string;
  until: string;
  is_now: boolean;
  discharged: boolean;
}

export interface CareProxy extends Omit<Proxy, "decision" | "evidence" | "granted_by" | "review_on"> {
  id: string;
  stands: boolean;
  why_not: string | null;
}

/** One person's care, as far as these pages show it. */
export interface Care {
  as_of: string;
  version: number;
  patient: CasePerson;
  status: string;
  monitored: boolean;
  died_on: string | null;
  proxies: CareProxy[];
  pauses: Pause[];
  rule_conflicts: RuleConflict[];
  enrolments: { id: string; pathway: string; title: string; version: string; status: string }[];
  reviews: { at: string; by: string; note: string }[];
  review_due: string | null;
}

export interface Ended {
  not_watched_from: string;
  told: string[];
  no_way: string[];
  kit: { device_id: string; state: string }[];
}

export interface StaffRow {
  id: string;
  version: number;
  display_name: string;
  role: string;
  username: string | null;
  disabled_at: string | null;
  has_password: boolean;
  teams: { id: string; name: string; from: string | null; until: string | null }[];
  practice: { id: string; name: string } | null;
}

export interface Staff {
  rows: StaffRow[];
  teams: { id: string; name: string }[];
  /** GP practices, for whoever works at one. */
  practices: { id: string; name: string }[];
  roles: string[];
}
