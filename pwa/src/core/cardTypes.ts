// The shapes of what stands on a card and is done from it: facts, tries, hand-overs, limits, custody.
// Times are ISO 8601 UTC; values are decimal strings. A null fact is not known, never "no".
import type { Row } from "./deskTypes";
import type { AlertLevel } from "./types";

export interface RangeSaid {
  code: string;
  low: string | null;
  high: string | null;
  source: string;
  personal: boolean;
}

export interface CardFacts {
  language: string | null;
  interpreter: boolean | null;
  hearing: string | null;
  sight: string | null;
  reach: string | null;
  lives_alone: boolean | null;
  key_safe_reference: string | null;
  rescue_pack: boolean | null;
  rescue_pack_where: string | null;
  home_oxygen: boolean | null;
  oxygen_litres: string | null;
  oxygen_target: RangeSaid | null;
  anticoagulant: boolean | null;
  end_of_life: boolean;
  palliative_line: { name: string; phone: string } | null;
  plan: { words: string[]; is_agreed: boolean } | null;
  documents: {
    kind: string;
    dated: string;
    original_at: string;
    ceiling: string | null;
    verified_by: string;
  }[];
  second_number: string | null;
  contacts: { relation: string; name: string; phone: string | null }[];
  usual: RangeSaid[];
}

export interface Card {
  row: Row;
  facts: CardFacts | null;
  last_outcomes: {
    at: string;
    title: string;
    outcome: string | null;
    note: string | null;
    by: string | null;
  }[];
  worried: { at: string; who: string; words: string }[];
  log: {
    at: string;
    kind: string;
    words: string;
    by: string | null;
    note: string | null;
    undone: boolean;
  }[];
  tries: {
    at: string;
    to: string;
    how: string;
    result: string;
    note: string | null;
    by: string | null;
    next_what: string | null;
    next_at: string | null;
  }[];
  fall_script: string[];
  outcomes: { value: string; needs: string[] }[];
}

export interface Colleague {
  id: string;
  name: string;
  role: string;
  me: boolean;
}

export interface Handover {
  id: string;
  from: string;
  to: string;
  at: string;
  due_at: string;
  note: string;
  rows: Row[];
  cards: number;
  accepted: number;
  climbed: number;
}

export interface Handovers {
  to_me: Handover[];
  by_me: Handover[];
}

export interface HandoverMade {
  id: string;
  to: string;
  due_at: string;
  rows: Row[];
  refused: { id: string; code: string; detail: string }[];
}

export interface CareLimit {
  code: string;
  low: string | null;
  high: string | null;
  set_by: string | null;
  set_at: string | null;
  source: string;
  version: number;
  personal: boolean;
}

export interface CareLimits {
  limits: CareLimit[];
  changes: {
    code: string;
    at: string;
    by: string;
    reason: string;
    low: string | null;
    high: string | null;
    was_low: string | null;
    was_high: string | null;
  }[];
  may_change: boolean;
}

export interface Rehearsed {
  rule: string;
  title: string;
  reason: string;
  level: string;
  true_at: string;
}

export interface Rehearsal {
  days: number;
  readings: number;
  now: Record<string, number>;
  then: Record<string, number>;
  added: Rehearsed[];
  dropped: Rehearsed[];
  added_count: number;
  dropped_count: number;
  token: string;
}

export interface CustodyStep {
  at: string | null;
  what: string;
  words: string;
  who: string | null;
  by_version: string | null;
  finding: string | null;
  ms_since: number | null;
}

export interface AlertCustody {
  alert: { id: string; title: string; level: AlertLevel; rule: string; judged_by: string; versions: string[] };
  steps: CustodyStep[];
}

export interface ReadingCustody {
  reading: { effective_at: string; received_at: string; device: string | null; message: string | null };
  steps: CustodyStep[];
  alerts: { id: string; title: string; level: AlertLevel }[];
}
