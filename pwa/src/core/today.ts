// The one thing to do now, and what comes later: never a wall of tasks.
import { daysBetween } from "./format";
import { dueOn, dayOf, type Due } from "./planDays";
import { drawnOver } from "./outbox";
import { drawTasks } from "./planTasks";
import { pendingReadings } from "./selfReadings";
import type { Home, ReadingKind } from "./types";

type ReadingThing = { kind: "reading"; reading: ReadingKind; dueAt: string | null };
export type Thing =
  | ReadingThing
  | { kind: "check-in"; id: string; title: string; questions: number };

/** How early a reading is already "now" and not "later". Alongside default. */
const SOON_MS = 3600_000;

/**
 * What is asked of somebody, the next first: a reading that is due, then a check-in, then a reading of later today.
 * `taken`: kinds that were typed here since and are not in this answer yet, `answered`: check-ins likewise.
 */
export function thingsToDo(
  home: Home,
  now: Date,
  taken: readonly ReadingKind[],
  answered: readonly string[],
): { now: Thing | null; later: Thing[] } {
  const reading = readingAsked(home, now, taken);
  const isDue = reading !== null && (reading.dueAt === null || Date.parse(reading.dueAt) <= now.getTime() + SOON_MS);
  const checkIn = checkInAsked(home, answered);
  const inOrder = isDue ? [reading, checkIn] : [checkIn, reading];
  const [first = null, ...later] = inOrder.filter((thing) => thing !== null);
  // What is hours away is no "now", even when there is nothing else.
  return first === reading && !isDue ? { now: null, later: first ? [first] : [] } : { now: first, later };
}

function readingAsked(home: Home, now: Date, taken: readonly ReadingKind[]): ReadingThing | null {
  const task = home.now;
  if (!task || taken.includes(task.code)) return null;
  const isToday = task.due_at === null || daysBetween(now, new Date(task.due_at)) <= 0;
  return isToday ? { kind: "reading", reading: task.code, dueAt: task.due_at } : null;
}

function checkInAsked(home: Home, answered: readonly string[]): Thing | null {
  const asked = home.check_in;
  const place = asked?.ids.findIndex((id) => !answered.includes(id)) ?? -1;
  if (!asked || place < 0) return null;
  const [id = "", title = ""] = [asked.ids[place], asked.titles[place]];
  return { kind: "check-in", id, title, questions: asked.questions };
}

/** Kinds typed here that the answer of `at` does not know yet. */
export function takenSince(patient: string, at: number | null): ReadingKind[] {
  return [...new Set(pendingReadings(patient, at).map(({ reading }) => reading))];
}

/** Check-ins finished here that the answer of `at` does not know yet. */
export function answeredSince(patient: string, at: number | null): string[] {
  return drawnOver(patient, at, "check-in").flatMap(({ show }) =>
    show !== null && "questionnaire" in show && "done" in show && show.done === true
      ? [String(show.questionnaire)]
      : [],
  );
}

/** Today's things of the plan, with the ticks of this phone drawn over them. */
export function todoToday(home: Home, patient: string, at: number | null, now: Date): Due[] {
  return dueOn(
    drawTasks(home.todo ?? [], drawnOver(patient, at)).map(({ item }) => item),
    dayOf(now),
  );
}
