// What kit is called, who has it and how old each thing known of it is, in words a nurse would use.
import { calendarDate, whenWords } from "../../core/format";
import type { KitRow, Wearer } from "../../core/kitTypes";
import { t, wordFor } from "../../core/words";

export function kindWords(kind: string): string {
  const known = wordFor("kitKind", kind);
  if (known) return known;
  const plain = kind.replaceAll("-", " ").replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

export function stateWords(state: string): string {
  return wordFor("kitState", state) ?? state;
}

export function flagWords(flag: string): string {
  return wordFor("kitFlag", flag) ?? flag.replaceAll("-", " ");
}

export function wearerName(wearer: Wearer): string {
  return wearer.patient?.display_name ?? t("kitList.otherTeam");
}

/** "Rose Ash, since 3 March 2026", one for each who wears it now; or that nobody does. */
export function wearersWords(row: KitRow): string {
  const now = row.wearers.filter((wearer) => wearer.is_now);
  if (now.length === 0) return t("kitList.nobody");
  return now
    .map((wearer) =>
      wearer.from
        ? t("kitList.since", { who: wearerName(wearer), date: calendarDate(new Date(wearer.from)) })
        : wearerName(wearer),
    )
    .join("; ");
}

export function lastHeardWords(row: KitRow, now: Date): string {
  if (!row.last_seen_at) return t("kitList.neverHeard");
  return t("kitList.heard", { when: whenWords(new Date(row.last_seen_at), now) });
}

export function batteryWords(row: KitRow, now: Date): string {
  if (row.battery_pct === null) return t("kitList.noBattery");
  const when = row.battery_at ? `, ${whenWords(new Date(row.battery_at), now)}` : "";
  return t("kitList.battery", { n: row.battery_pct }) + when;
}

/** A version has no age of its own in a list: it stands until the device is born with another. */
export function firmwareWords(row: KitRow): string {
  return row.firmware ? t("kitList.firmware", { version: row.firmware }) : t("kitList.noFirmware");
}

/** A date without a time, such as a calibration's: noon keeps it on its own day in every zone we show. */
export function dateWords(date: string): string {
  return calendarDate(new Date(`${date}T12:00:00Z`));
}

/** "just now", "12 seconds ago", "3 minutes ago": for what somebody stands and waits for. */
export function agoWords(at: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / 1000));
  if (seconds < 5) return t("kitList.justNow");
  if (seconds < 60) return t("kitList.secondsAgo", { n: seconds });
  if (seconds < 3600) return t("kitList.minutesAgo", { n: Math.floor(seconds / 60) });
  return whenWords(new Date(at), now);
}
