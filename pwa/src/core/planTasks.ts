// Things to do as this phone shows them, and their ticks: what waits to be sent is drawn over what the server last said.
// Apart from the rest of the plan, because the first page needs no more of it.
import { add, type Queued } from "./outbox";
import type { Goal, SectionBody, Task, Tick } from "./planTypes";

/** What a waiting command would make of the plan; `after`: the version that will stand once it has arrived. */
export type PlanShow =
  | { kind: "section"; section: string; title: string; body: SectionBody; private: boolean; after: number }
  | { kind: "agree"; section: string; title: string; after: number }
  | { kind: "goal"; goal: Goal; after: number }
  | { kind: "task"; task: Task; after: number }
  | { kind: "tick"; task: string; text: string; day: string; time: string | null; done: boolean };

/** One thing as it will be, and the newest command about it that has not arrived yet. */
export interface Drawn<T> {
  item: T;
  waiting: Queued | null;
  /** The first that needs the person before any later one can be sent; null when there is none. */
  stuck?: Queued | null;
}

export function stuckBy(queued: Queued): Queued | null {
  return queued.state === "needs-you" || queued.state === "refused" ? queued : null;
}

const KINDS = ["section", "agree", "goal", "task", "tick"];

export function planShow(queued: Queued): PlanShow | null {
  const show = queued.show as Partial<PlanShow> | null;
  return show && KINDS.includes(show.kind ?? "") ? (show as PlanShow) : null;
}

export function byId<T extends { id: string }>(items: readonly T[]): Map<string, Drawn<T>> {
  return new Map(items.map((item): [string, Drawn<T>] => [item.id, { item, waiting: null }]));
}

export function over<T>(before: Drawn<T> | undefined, item: T, waiting: Queued): Drawn<T> {
  return { item, waiting, stuck: before?.stuck ?? stuckBy(waiting) };
}

/** Things to do, with the changes and ticks of this phone drawn over them. */
export function drawTasks(tasks: readonly Task[], pending: readonly Queued[]): Drawn<Task>[] {
  const drawn = byId(tasks);
  for (const queued of pending) {
    const show = planShow(queued);
    if (show?.kind === "task") drawTask(drawn, show.task, queued);
    if (show?.kind === "tick") drawTick(drawn, show, queued);
  }
  return [...drawn.values()];
}

function drawTask(drawn: Map<string, Drawn<Task>>, task: Task, waiting: Queued): void {
  const before = drawn.get(task.id);
  drawn.set(task.id, over(before, { ...task, ticks: before?.item.ticks ?? task.ticks }, waiting));
}

type TickShow = Extract<PlanShow, { kind: "tick" }>;

function drawTick(drawn: Map<string, Drawn<Task>>, show: TickShow, queued: Queued): void {
  const before = drawn.get(show.task);
  if (before) drawn.set(show.task, { ...before, item: ticked(before.item, show), waiting: before.waiting ?? queued });
}

function ticked(task: Task, show: TickShow): Task {
  const same = (tick: Tick): boolean => tick.due_on === show.day && tick.due_at === show.time;
  const ticks = task.ticks.map((tick) => (same(tick) ? { ...tick, done: show.done } : tick));
  if (ticks.some(same)) return { ...task, ticks };
  const made: Tick = { due_on: show.day, due_at: show.time, done: show.done, why: null, at: null, by: null };
  return { ...task, ticks: [...ticks, made] };
}

export const taskPath = (patient: string, id: string): string => `/patients/${patient}/todo/${id}`;

/** A fact: said twice it is one tick. */
export function tickTask(
  patient: string,
  task: Task,
  said: { day: string; time: string | null; done: boolean; why?: string },
): Promise<Queued> {
  const { day, time, done } = said;
  const show: PlanShow = { kind: "tick", task: task.id, text: task.text, day, time, done };
  const path = `${taskPath(patient, task.id)}/ticks`;
  return add({ patient, what: "tick", method: "POST", path, body: said, show });
}
