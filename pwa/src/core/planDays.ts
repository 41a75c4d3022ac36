// On which days a thing of the plan is due, and whether it was done: by the one wall clock everybody goes by.
import type { Task, Tick } from "./planTypes";
import { dayOf } from "./wall";
import { t } from "./words";

export { dayOf };

export const DAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** "08:00" as "8am", "17:30" as "5:30pm". */
export function timeWords(time: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  if (minute === 0 && hour % 12 === 0) return t(hour === 12 ? "time.midday" : "time.midnight");
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const minutes = minute === 0 ? "" : `:${String(minute).padStart(2, "0")}`;
  return `${String(twelve)}${minutes}${hour < 12 ? "am" : "pm"}`;
}

/** Midday, so that no change of the clocks moves it to another day. */
export function middayOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

export function daysAfter(day: string, count: number): string {
  return dayOf(new Date(middayOf(day).getTime() + count * 86_400_000));
}

/** "mon" to "sun". */
export function weekdayCode(day: string): string {
  return DAYS[(middayOf(day).getUTCDay() + 6) % 7] ?? "mon";
}

export function isDueOn(task: Task, day: string): boolean {
  return !task.stopped && (task.days.length === 0 || task.days.includes(weekdayCode(day)));
}

/** One thing to do at one time of one day; `time` null is some time in the day. */
export interface Due {
  task: Task;
  day: string;
  time: string | null;
  tick: Tick | null;
}

export function dueOn(tasks: readonly Task[], day: string): Due[] {
  const due = tasks.filter((task) => isDueOn(task, day)).flatMap((task) => {
    const times = task.times.length > 0 ? [...task.times] : [null];
    return times.map((time) => ({ task, day, time, tick: tickOf(task, day, time) }));
  });
  const clock = ({ time }: Due): string => time ?? "99";
  // As plain text: to load the rules of a language for this costs a slow phone more than the rest of its page.
  return due.sort((a, b) => Number(clock(a) > clock(b)) - Number(clock(a) < clock(b)));
}

function tickOf(task: Task, day: string, time: string | null): Tick | null {
  return task.ticks.filter((tick) => tick.due_on === day && tick.due_at === time).at(-1) ?? null;
}

/** What is due in the days after `day`, each thing once, at the first day it comes. */
export function laterThisWeek(tasks: readonly Task[], day: string): Due[] {
  const today = new Set(dueOn(tasks, day).map(({ task }) => task.id));
  const found = new Map<string, Due>();
  for (let ahead = 1; ahead < 7; ahead++)
    for (const due of dueOn(tasks, daysAfter(day, ahead)))
      if (!today.has(due.task.id) && !found.has(due.task.id)) found.set(due.task.id, due);
  return [...found.values()];
}
