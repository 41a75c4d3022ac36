// The shapes of who helps a person: the team, the practice, carers with what they may see, and invitations.
import type { Session } from "./types";

export const SCOPES = ["readings", "plan", "messages", "alerts", "add-readings"] as const;
export type Scope = (typeof SCOPES)[number];

export interface Helper {
  id: string;
  version: number;
  name: string;
  relation: string;
  phone: string | null;
  scopes: Scope[];
  from: string | null;
  until: string | null;
  /** The day the person is asked whether it still holds. */
  review_on: string | null;
  last_looked_at: string | null;
  /** "invitation": the person's own to change; else written down by the team. */
  basis: string;
  tell_seen: boolean;
  /** False: only for when the person cannot decide, which is not so now. */
  stands: boolean;
  /** Whoever asks. */
  me: boolean;
}

export interface Former {
  name: string;
  relation: string;
  ended_at: string;
  ended_by: "person" | "carer" | "team";
}

export interface Invitation {
  id: string;
  for_name: string;
  relation: string;
  scopes: Scope[];
  until: string | null;
  tell_seen: boolean;
  expires_at: string;
  state: "open" | "accepted" | "withdrawn" | "expired";
}

export interface Looked {
  day: string;
  name: string;
  relation: "team" | "carer";
  role: string;
  why: string;
  what: string[];
  changed: boolean;
  times: number;
  first_at: string;
  last_at: string;
}

export interface Circle {
  me: { name: string; photo: string | null };
  team: { name: string; phone: string; hours: string; watching_now: boolean; next_watch_at: string | null } | null;
  coordinator: { name: string; phone: string | null } | null;
  practice: { name: string; phone: string | null } | null;
  people: Helper[];
  former: Former[];
  invitations: Invitation[];
  looked: { last: Looked[] };
}

export interface LookedPage {
  rows: Looked[];
  next: string | null;
}

export interface Allowed {
  scopes: Scope[];
  until: string | null;
  tell_seen: boolean;
}

export interface InvitationCode {
  code: string;
  link: string;
  expires_at: string;
}

/** What somebody is shown before they accept. */
export interface Invited {
  by: string;
  for_name: string;
  relation: string;
  scopes: Scope[];
  until: string | null;
  expires_at: string;
}

export type Accepted = Session & { username: string };
