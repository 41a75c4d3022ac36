// What the one wall clock shows at a moment. The browser's own way of asking costs a slow phone a quarter of a second.

/**
 * One wall clock for everybody: the person and the nurse on the telephone must say the same time,
 * even when a phone is abroad or set wrong.
 */
export const ZONE = "Europe/London";

export interface Wall {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const HOUR_MS = 3_600_000;

/** 1am in Greenwich on the last Sunday of a month that has 31 days. */
function lastSunday(year: number, month: number): number {
  const end = Date.UTC(year, month, 31, 1);
  return end - new Date(end).getUTCDay() * 24 * HOUR_MS;
}

/** How far our clocks are ahead of Greenwich by the rule as it is (the Summer Time Order 2002, 2000/84/EC). */
function aheadMs(at: Date): number {
  const year = at.getUTCFullYear();
  return at.getTime() >= lastSunday(year, 2) && at.getTime() < lastSunday(year, 9) ? HOUR_MS : 0;
}

let asked: Intl.DateTimeFormat | null = null;

/** Made at the first use: most phones never need it. */
function ask(at: Date): Wall {
  asked ??= new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const parts = new Map(asked.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? NaN;
  return { year: of("year"), month: of("month"), day: of("day"), hour: of("hour"), minute: of("minute") };
}

/**
 * The rule alone would be wrong on the day that Parliament changes it, so the phone's own clock has to agree with it;
 * where the two differ (abroad, or under a new rule) the browser is asked. Throws RangeError for an invalid date.
 */
export function wallOf(at: Date): Wall {
  const ahead = aheadMs(at);
  if (-at.getTimezoneOffset() * 60_000 !== ahead || at.getUTCFullYear() < 2002) return ask(at);
  const shown = new Date(at.getTime() + ahead);
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
  };
}

/** "2026-11-22": the day it is in the United Kingdom. */
export function dayOf(at: Date): string {
  const { year, month, day } = wallOf(at);
  return `${String(year)}-${two(month)}-${two(day)}`;
}

export function two(n: number): string {
  return String(n).padStart(2, "0");
}
