// How a changing worklist is shown without moving rows under somebody's hand.
import type { Row } from "./types";

export interface Shown {
  rows: Row[];
  /** Ids that left the server's list but still stand where they stood, so that nothing jumps. */
  gone: ReadonlySet<string>;
  /** New rows that wait in the "2 new" bar. */
  waiting: Row[];
  /** Emergencies that were put on the list at once. */
  arrived: Row[];
}

export const NOTHING_SHOWN: Shown = { rows: [], gone: new Set(), waiting: [], arrived: [] };

/**
 * What to show now. `held` is true while somebody's pointer or keyboard is in the list: then known rows keep
 * their place, new ones wait, and only emergencies come in, at the top. Otherwise the server's order is shown.
 */
export function mergeRows(shown: Shown, incoming: Row[], held: boolean): Shown {
  const known = new Set(shown.rows.map((row) => row.id));
  const fresh = incoming.filter((row) => !known.has(row.id));
  const first = shown.rows.length === 0 && shown.waiting.length === 0;
  const arrived = first ? [] : fresh.filter((row) => row.level === "emergency");
  if (!held) return { rows: incoming, gone: new Set(), waiting: [], arrived };
  const byId = new Map(incoming.map((row) => [row.id, row]));
  const kept = shown.rows.map((row) => byId.get(row.id) ?? row);
  const gone = new Set(kept.filter((row) => !byId.has(row.id)).map((row) => row.id));
  const emergencies = fresh.filter((row) => row.level === "emergency");
  const waiting = fresh.filter((row) => row.level !== "emergency");
  return { rows: [...emergencies, ...kept], gone, waiting, arrived };
}

export type Tab = "unclaimed" | "mine" | "no_cover" | "all";

/** The rules that mean "nobody would notice if this person got worse": their own tab, because silence is a risk. */
const NO_COVER = new Set(["device_silent", "device-silent"]);

export function inTab(row: Row, tab: Tab): boolean {
  if (tab === "all") return true;
  if (tab === "mine") return row.owner?.me ?? false;
  if (tab === "no_cover") return NO_COVER.has(row.rule);
  return row.state === "open";
}
