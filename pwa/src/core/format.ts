// Dates, times and ages as the NHS service manual writes them: 5:30pm, midday, 6 August 2026.
import { spokenLocale, t } from "./words";
import { two, wallOf, ZONE } from "./wall";

export { ZONE };

/** The language that the app is written in. Of every other one, the browser knows the names. */
const OURS = "en-GB";
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];

let names: { of: string; format: Intl.DateTimeFormat } | null = null;

/** The weekday or the month in the language of the page. */
function named(at: Date, part: "weekday" | "month"): string {
  const of = spokenLocale();
  if (of === OURS) return inEnglish(at, part);
  if (names?.of !== of) {
    const wish = { timeZone: ZONE, weekday: "long", day: "numeric", month: "long" } as const;
    names = { of, format: new Intl.DateTimeFormat(of, wish) };
  }
  return names.format.formatToParts(at).find((one) => one.type === part)?.value ?? "";
}

function inEnglish(at: Date, part: "weekday" | "month"): string {
  const { year, month, day } = wallOf(at);
  if (part === "month") return MONTHS[month - 1] ?? "";
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? "";
}

/** "5:30pm", "5pm", "midday", "midnight". */
export function clockTime(at: Date): string {
  const { hour, minute } = wallOf(at);
  if (minute === 0 && hour === 0) return t("time.midnight");
  if (minute === 0 && hour === 12) return t("time.midday");
  const twelve = String(hour % 12 === 0 ? 12 : hour % 12);
  const time = minute === 0 ? twelve : `${twelve}:${two(minute)}`;
  return t(hour < 12 ? "time.am" : "time.pm", { time });
}

/** "6 August 2026". */
export function calendarDate(at: Date): string {
  const { day, year } = wallOf(at);
  return `${String(day)} ${named(at, "month")} ${String(year)}`;
}

/** "6 August": for an axis or a list inside one year. */
export function dayAndMonth(at: Date): string {
  return `${String(wallOf(at).day)} ${named(at, "month")}`;
}

/** "6 Aug": only for the axis of a chart, whose table has the month in full. */
export function axisDate(at: Date): string {
  return `${String(wallOf(at).day)} ${named(at, "month").slice(0, 3)}`;
}

/** "Sunday 22 November". */
export function longDay(at: Date): string {
  return `${named(at, "weekday")} ${String(wallOf(at).day)} ${named(at, "month")}`;
}

export function weekday(at: Date): string {
  return named(at, "weekday");
}

/** The number of midnights between the two moments, on our wall clock. */
export function daysBetween(earlier: Date, later: Date): number {
  const midnight = (at: Date): number => {
    const { day, month, year } = wallOf(at);
    return Date.UTC(year, month - 1, day);
  };
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

/** "today, 5:30pm", "yesterday, 5:30pm", "4 days ago", "6 August 2026"; ahead: "tomorrow, 8am", "Tuesday, 8am". */
export function whenWords(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  const time = clockTime(at);
  if (days === 0) return t("when.today", { time });
  if (days === 1) return t("when.yesterday", { time });
  if (days > 1 && days < 7) return t("when.daysAgo", { n: days });
  if (days === -1) return t("when.tomorrow", { time });
  if (days < -1 && days > -7) return t("when.day", { day: weekday(at), time });
  return calendarDate(at);
}

/** A moment somebody may have to quote: "5:30pm today", "5:30pm on 6 August 2026". */
export function exactly(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  const time = clockTime(at);
  if (days === 0) return t("exactly.today", { time });
  if (days === 1) return t("exactly.yesterday", { time });
  if (days === -1) return t("exactly.tomorrow", { time });
  return t("exactly.on", { time, date: calendarDate(at) });
}

/** The time alone while it is today, else with its day: "6:18pm", "6:18pm tomorrow". */
export function deadline(at: Date, now: Date): string {
  return daysBetween(at, now) === 0 ? clockTime(at) : exactly(at, now);
}

/** Short age for a list somebody scans: "now", "2 min", "3 h", "1 day", "4 days". */
export function ageShort(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return t("age.now");
  if (minutes < 60) return t("age.minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t("age.hours", { n: hours });
  return t("age.days", { n: Math.floor(hours / 24) });
}

/** "999 123 4567": NHS numbers are read aloud in threes and a four. */
export function nhsNumber(digits: string): string {
  const plain = digits.replace(/\D/g, "");
  return plain.length === 10 ? `${plain.slice(0, 3)} ${plain.slice(3, 6)} ${plain.slice(6)}` : digits;
}

/** The address a phone dials; spaces and brackets are for people. */
export function telephone(number: string): string {
  return `tel:${number.replace(/[^\d+]/g, "")}`;
}
