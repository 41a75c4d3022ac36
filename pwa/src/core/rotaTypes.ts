// A week of who is on call, as the pages read it.
export interface Shift {
  id: string;
  role: string;
  practitioner: { id: string; name: string };
  from: string;
  to: string;
}

export interface Rota {
  as_of: string;
  team: { id: string; name: string };
  from: string;
  to: string;
  rows: Shift[];
  on_now: Shift[];
  /** Within the next 24 hours. */
  gaps: { role: string; from: string; to: string }[];
  /** Duties within a day whose holder no message can reach. */
  unreachable: Shift[];
  /** Whom every ladder ends with: the team's alarm centre or the duty line, and whether a message reaches either. */
  last_rung: { alarm_centre: boolean; reached: boolean };
  staff: { id: string; name: string }[];
  may_change: boolean;
}
