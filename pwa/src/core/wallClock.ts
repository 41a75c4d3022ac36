// Turns the day and time somebody types into a moment: always our wall clock, wherever the phone thinks it is.
import { dayOf, two, wallOf } from "./wall";

const HOUR_MS = 3_600_000;
const WHOLE = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** "2026-11-22T08:30" as a field of date and time holds it. */
export function fieldTime(at: Date): string {
  const { hour, minute } = wallOf(at);
  return `${dayOf(at)}T${two(hour)}:${two(minute)}`;
}

/**
 * The moment at which our clocks show `text`, or null when it is no time. In the hour that comes twice in autumn
 * it is the first; in the hour that spring leaves out it is the one that a clock not yet changed would show.
 */
export function momentOf(text: string): Date | null {
  const plain = WHOLE.test(text) ? Date.parse(`${text.slice(0, 16)}Z`) : NaN;
  if (Number.isNaN(plain)) return null;
  for (const offset of [HOUR_MS, 0]) {
    const candidate = new Date(plain - offset);
    if (fieldTime(candidate) === text.slice(0, 16)) return candidate;
  }
  return new Date(plain);
}
