// The shapes of kit as the server answers them: what stands in a list, one piece whole, and what a recall finds.
// Times are ISO 8601 UTC; dates without a time are YYYY-MM-DD.

/** The life of a piece of kit, in the order it is lived. */
export const KIT_STATES = [
  "in-stock",
  "issued",
  "live",
  "to-collect",
  "collected",
  "cleaned",
  "checked",
  "scrapped",
  "lost",
] as const;
export type KitState = (typeof KIT_STATES)[number];

/** What is proved in a home before a telecare unit may go live, in the order an installer walks. */
export const PROOF_STEPS = [
  "press-bathroom",
  "press-bedroom",
  "signal",
  "power-cut",
  "key-holder",
  "route",
] as const;
export type ProofStep = (typeof PROOF_STEPS)[number];

/** Why a piece of kit is cut off from the service. */
export const REVOKE_REASONS = ["lost", "stolen", "faulty", "returned"] as const;
export type RevokeReason = (typeof REVOKE_REASONS)[number];

/** The kinds that can be put into stock here; kit of other kinds is shown by its own name. */
export const KIT_KINDS = [
  "blood-pressure-monitor",
  "pulse-oximeter",
  "scale",
  "thermometer",
  "glucose-meter",
  "pendant",
  "telecare-unit",
  "fall-detector",
  "smoke-detector",
  "co-detector",
  "bed-sensor",
  "door-sensor",
  "movement-sensor",
  "medication-dispenser",
  "home-hub",
] as const;

export interface Wearer {
  id: string;
  slot: number;
  slot_name: string | null;
  from: string | null;
  until: string | null;
  is_now: boolean;
  /** Null for a person whom another team looks after. */
  patient: { id: string; display_name: string } | null;
  version: number;
}

export interface KitRow {
  id: string;
  device_id: string;
  kind: string;
  manufacturer: string | null;
  model: string | null;
  serial: string | null;
  batch: string | null;
  state: KitState;
  is_telecare: boolean;
  address: string | null;
  line_type: "digital" | "analogue" | "cellular" | "unknown";
  firmware: string | null;
  firmware_certified: boolean | null;
  battery_pct: number | null;
  battery_at: string | null;
  presence: "ready" | "sleeping" | "lost" | null;
  last_seen_at: string | null;
  last_full_test_at: string | null;
  calibration_due: string | null;
  revoked_at: string | null;
  flags: string[];
  wearers: Wearer[];
  version: number;
}

export interface KitList {
  as_of: string;
  counts: { state: KitState; count: number }[];
  flags: { flag: string; count: number }[];
  credentials: { checked_at: string | null; withdrawn: number; held_back: number; missing: string[] };
  rows: KitRow[];
}

export interface KitMove {
  to: KitState;
  /** Codes of what has to be done first; empty when it may go there now. */
  missing: string[];
  words: string;
}

export interface StepProof {
  step: ProofStep;
  words: string;
  outcome: "proved" | "failed" | null;
  at: string | null;
  by: string | null;
  note: string;
  signal_dbm: number | null;
  /** False for a proof that was made before the kit was moved or its route changed. */
  counts: boolean;
}

/** One message of the device, as it came: what an installer waits for. */
export interface Heard {
  at: string;
  kind: string;
  words: string;
}

export interface KitEvent {
  at: string;
  kind: string;
  words: string;
  by: string | null;
  note: string;
}

export interface KitDetail extends KitRow {
  cuff_size: string | null;
  consumables: string | null;
  slot_names: string[];
  route: { name: string; phone: string; set_at: string } | null;
  moved_at: string | null;
  proved_at: string | null;
  credential_at: string | null;
  allowed: KitMove[];
  installation: StepProof[];
  claim: { expires_at: string } | null;
  past_wearers: Wearer[];
  firmware_history: { firmware: string; at: string }[];
  battery_history: { pct: number; at: string }[];
  heard: Heard[];
  history: KitEvent[];
}

export interface KitPeople {
  rows: { id: string; display_name: string; address: string | null }[];
}

export interface RecallAsked {
  model: string | null;
  firmware: string | null;
  batch: string | null;
}

export interface Recall {
  as_of: string;
  asked: RecallAsked;
  rows: KitRow[];
  people: number;
  /** Pieces that people of other teams have: told as a number, because they are not ours to list. */
  elsewhere: number;
}
