// How a changing worklist is shown without moving rows under somebody's hand.
import type { Row, Worklist } from "./deskTypes";

export interface Shown {
  rows: Row[];
  /** Ids that left the server's list but still stand where they stood, so that nothing jumps. */
  gone: ReadonlySet<string>;
  /** New rows that wait in the "2 new" bar. */
  waiting: Row[];
  /** Rows that became red and still stand where they stood. */
  worse: number;
}

export const NOTHING_SHOWN: Shown = { rows: [], gone: new Set(), waiting: [], worse: 0 };

/**
 * What to show now. `held` is true while somebody's pointer or keyboard is in the list: then known rows keep
 * their place, new ones wait, and only emergencies come in (or rise), at the top. Otherwise the server's order
 * is shown.
 */
export function mergeRows(shown: Shown, incoming: Row[], held: boolean): Shown {
  if (!held) return { rows: incoming, gone: new Set(), waiting: [], worse: 0 };
  const before = new Map(shown.rows.map((row) => [row.id, row]));
  const byId = new Map(incoming.map((row) => [row.id, row]));
  const rises = (row: Row): boolean =>
    row.level === "emergency" && before.get(row.id)?.level !== "emergency";
  const emergencies = incoming.filter(rises);
  const kept = shown.rows.map((row) => byId.get(row.id) ?? row).filter((row) => !emergencies.includes(row));
  const gone = new Set(kept.filter((row) => !byId.has(row.id)).map((row) => row.id));
  const waiting = incoming.filter((row) => !before.has(row.id) && row.level !== "emergency");
  const worse = kept.filter((row) => row.red && before.get(row.id)?.red === false).length;
  return { rows: [...emergencies, ...kept], gone, waiting, worse: shown.worse + worse };
}

export const TABS = ["unclaimed", "mine", "rechecks", "messages", "no_cover", "all"] as const;
export type Tab = (typeof TABS)[number];

const IN_TAB: Record<Tab, (row: Row) => boolean> = {
  all: (row) => row.state !== "closed",
  mine: (row) => row.state !== "closed" && (row.owner?.me ?? false),
  rechecks: (row) => row.recheck !== null,
  // Conversations stand in a list of their own.
  messages: () => false,
  no_cover: (row) => row.no_cover && row.state !== "closed",
  unclaimed: (row) => row.state === "open",
};

export function inTab(row: Row, tab: Tab): boolean {
  return IN_TAB[tab](row);
}

export type Lane = "red" | "cover" | "rest" | "recheck";

/** Which part of the list a row belongs to: what is red is never grouped with what is milder. */
export function laneOf(row: Row): Lane {
  if (row.state === "closed" && row.recheck) return "recheck";
  if (row.red) return "red";
  return row.no_cover ? "cover" : "rest";
}

function saidOf(row: Row): string {
  const who = [row.patient?.display_name, row.owner?.name, row.unassigned?.words];
  return [...who, row.title, row.reason, ...row.also].join(" ").toLowerCase();
}

/** True when what somebody typed is in the row's words: name, NHS number, what is wrong, who has it. */
export function matches(row: Row, words: string): boolean {
  const isNumber = /^[\d\s]+$/.test(words) && words.replace(/\s/g, "").length >= 3;
  if (isNumber) return (row.patient?.nhs_number ?? "").includes(words.replace(/\s/g, ""));
  const said = saidOf(row);
  return words.toLowerCase().split(/\s+/).every((word) => said.includes(word));
}

/** Red cards that nobody has taken: what sounds, and what a locked desk counts. */
export function unclaimedReds(list: Worklist | null): Row[] {
  return (list?.rows ?? []).filter((row) => row.red && row.state === "open" && row.snooze === null);
}

/** The later of two answers about one card, so that an old list never takes back what was just done. */
export function newerRow(one: Row, other: Row | null | undefined): Row {
  return other && other.id === one.id && other.version > one.version ? other : one;
}
