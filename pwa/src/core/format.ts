// Dates, times and ages as the NHS service manual writes them: 5:30pm, midday, 6 August 2026.

/**
 * One wall clock for everybody: the person and the nurse on the telephone must say the same time,
 * even when a phone is abroad or set wrong.
 */
export const ZONE = "Europe/London";

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

interface Civil {
  weekday: string;
  day: string;
  month: string;
  year: string;
  hour: number;
  minute: string;
}

function civil(at: Date): Civil {
  const parts = Object.fromEntries(PARTS.formatToParts(at).map((part) => [part.type, part.value]));
  const text = (name: string): string => parts[name] ?? "";
  return {
    weekday: text("weekday"),
    day: text("day"),
    month: text("month"),
    year: text("year"),
    hour: Number(text("hour")),
    minute: text("minute"),
  };
}

/** "5:30pm", "5pm", "midday", "midnight". */
export function clockTime(at: Date): string {
  const { hour, minute } = civil(at);
  if (minute === "00" && hour === 0) return "midnight";
  if (minute === "00" && hour === 12) return "midday";
  const half = hour < 12 ? "am" : "pm";
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  return minute === "00" ? `${String(twelve)}${half}` : `${String(twelve)}:${minute}${half}`;
}

/** "6 August 2026". */
export function calendarDate(at: Date): string {
  const { day, month, year } = civil(at);
  return `${day} ${month} ${year}`;
}

/** "6 August": for an axis or a list inside one year. */
export function dayAndMonth(at: Date): string {
  const { day, month } = civil(at);
  return `${day} ${month}`;
}

/** "6 Aug": only for the axis of a chart, whose table has the month in full. */
export function axisDate(at: Date): string {
  const { day, month } = civil(at);
  return `${day} ${month.slice(0, 3)}`;
}

/** "Sunday 22 November". */
export function longDay(at: Date): string {
  const { weekday, day, month } = civil(at);
  return `${weekday} ${day} ${month}`;
}

export function weekday(at: Date): string {
  return civil(at).weekday;
}

/** The number of midnights between the two moments, on our wall clock. */
export function daysBetween(earlier: Date, later: Date): number {
  const midnight = (at: Date): number => {
    const { day, month, year } = civil(at);
    return Date.parse(`${day} ${month} ${year} UTC`);
  };
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

/** "today, 5:30pm", "yesterday, 5:30pm", "4 days ago", "6 August 2026"; ahead: "tomorrow, 8am", "Tuesday, 8am". */
export function whenWords(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  const time = clockTime(at);
  if (days === 0) return `today, ${time}`;
  if (days === 1) return `yesterday, ${time}`;
  if (days > 1 && days < 7) return `${String(days)} days ago`;
  if (days === -1) return `tomorrow, ${time}`;
  if (days < -1 && days > -7) return `${weekday(at)}, ${time}`;
  return calendarDate(at);
}

/** A moment somebody may have to quote: "5:30pm today", "5:30pm on 6 August 2026". */
export function exactly(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  const time = clockTime(at);
  if (days === 0) return `${time} today`;
  if (days === 1) return `${time} yesterday`;
  if (days === -1) return `${time} tomorrow`;
  return `${time} on ${calendarDate(at)}`;
}

/** The time alone while it is today, else with its day: "6:18pm", "6:18pm tomorrow". */
export function deadline(at: Date, now: Date): string {
  return daysBetween(at, now) === 0 ? clockTime(at) : exactly(at, now);
}

/** Short age for a list somebody scans: "now", "2 min", "3 h", "1 day", "4 days". */
export function ageShort(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${String(hours)} h`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "1 day" : `${String(days)} days`;
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
