// Where a member of staff can go: one table, so that a new page is one line.
import type { WordKey } from "../../core/words";

export interface Place {
  href: string;
  words: WordKey;
  /** The roles that have no use for it; everybody else sees it. */
  not?: readonly string[];
  /** The only roles that see it, where most have no use for it. */
  only?: readonly string[];
}

/** Roles without a list of people. */
export const LISTLESS: readonly string[] = ["installer", "administrator", "practice"];

export const PLACES: readonly Place[] = [
  { href: "/team", words: "desk.worklist", not: LISTLESS },
  { href: "/team/inbox", words: "inbox.nav", only: ["practice"] },
  { href: "/team/handover", words: "handover.nav", not: LISTLESS },
  { href: "/team/quarantine", words: "desk.held", not: LISTLESS },
  { href: "/team/caseload", words: "desk.caseload", not: LISTLESS },
  { href: "/team/plans", words: "plans.nav", not: LISTLESS },
  { href: "/team/rota", words: "desk.rota", not: LISTLESS },
  { href: "/team/staff", words: "desk.staff", only: ["administrator"] },
  { href: "/team/practice-days", words: "practiceDays.title", only: ["administrator"] },
  { href: "/team/kit", words: "kitList.title", not: ["administrator", "practice"] },
  { href: "/team/reach", words: "reach.nav", not: ["installer"] },
];

export function placesFor(role: string | null): readonly Place[] {
  return PLACES.filter(
    (place) => !place.not?.includes(role ?? "") && (place.only?.includes(role ?? "") ?? true),
  );
}

/** Who answers what people suggest about a pathway. */
export function answersSuggestions(role: string | null): boolean {
  return role === "clinician" || role === "team-lead";
}

export function hasList(role: string | null): boolean {
  return !LISTLESS.includes(role ?? "");
}
