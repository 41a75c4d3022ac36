// Whether somebody of the team watches at this moment, as far as this phone can know it.
import type { HomeTeam } from "./types";

/** An older answer says nothing about now: the team may have gone home since. Alongside default. */
const FRESH_MS = 15 * 60_000;

/** `at`: when the service said it, ms; null when it was not said to this page. */
export function watching(team: HomeTeam | null, at: number | null, now: Date): "yes" | "no" | "unknown" {
  if (!team?.phone || at === null || now.getTime() - at > FRESH_MS) return "unknown";
  return team.watching_now ? "yes" : "no";
}
