// What somebody may see, until when, in words that say it whole.
import { ApiError } from "./api";
import { calendarDate } from "./format";
import { momentOf } from "./wallClock";
import { t } from "./words";
import { SCOPES, type Scope } from "./circleTypes";

export function scopeWords(scopes: readonly Scope[]): string[] {
  return SCOPES.filter((scope) => scopes.includes(scope)).map((scope) => t(`scope.${scope}`));
}

export function untilWords(until: string | null): string {
  return until ? t("circle.until", { date: calendarDate(new Date(until)) }) : t("circle.noEnd");
}

/** The last minute of a day somebody typed, "2026-12-31"; null for no end. */
export function endOfDay(day: string): string | null {
  return day ? (momentOf(`${day}T23:59`)?.toISOString() ?? null) : null;
}

/** Why a change of who may see what did not happen: it never waits on the phone. */
export function refusedWords(cause: unknown): string {
  if (!(cause instanceof ApiError)) return t("circle.fault");
  if (cause.trouble === "not-the-service") return t("signIn.portal");
  if (cause.trouble !== "problem") return t("circle.offline");
  if (cause.status === 412) return t("circle.changed");
  if (cause.status === 422 || cause.status === 409) return cause.problem?.detail ?? t("circle.fault");
  return t("circle.fault");
}

/** Of an invitation: said in the same words for a code that is unknown, used, withdrawn or over. */
export function invitationRefused(cause: unknown): string {
  if (!(cause instanceof ApiError) || cause.trouble !== "problem") return refusedWords(cause);
  if (cause.status === 404) return t("invitation.unknown");
  const n = Math.max(1, Math.ceil((cause.retryAfterS ?? 60) / 60));
  return cause.status === 429 ? t("signIn.tooMany", { n }) : refusedWords(cause);
}
