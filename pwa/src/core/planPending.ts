// The plan as this phone shows it: what the server last said, with everything drawn over it that waits to be sent.
import type { Queued } from "./outbox";
import type { Goal, Plan, Section, SectionBody, Task, Tick } from "./planTypes";

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

function stuckBy(queued: Queued): Queued | null {
  return queued.state === "needs-you" || queued.state === "refused" ? queued : null;
}

/** What to say under it: what stops the others, else the newest that waits. */
export function saidOf(drawn: Drawn<unknown>): Queued | null {
  return drawn.stuck ?? drawn.waiting;
}

export interface DrawnPlan {
  sections: Drawn<Section>[];
  goals: Drawn<Goal>[];
  todo: Drawn<Task>[];
}

const KINDS = ["section", "agree", "goal", "task", "tick"];

export function planShow(queued: Queued): PlanShow | null {
  const show = queued.show as Partial<PlanShow> | null;
  return show && KINDS.includes(show.kind ?? "") ? (show as PlanShow) : null;
}

function drawSection(section: Section, pending: readonly Queued[]): Drawn<Section> {
  const drawn: Drawn<Section> = { item: section, waiting: null };
  for (const queued of pending) {
    const show = planShow(queued);
    if (show?.kind !== "section" && show?.kind !== "agree") continue;
    if (show.section !== section.key) continue;
    drawn.waiting = queued;
    drawn.stuck ??= stuckBy(queued);
    // An agreed clinical section stands until a clinician agrees: its change is shown beside it, never over it.
    if (show.kind === "section" && !isGuarded(section))
      drawn.item = { ...drawn.item, body: show.body, private: show.private };
  }
  return drawn;
}

/** True while a change of this section becomes a proposal, because a clinician signed what stands. */
export function isGuarded(section: Section): boolean {
  const isSigned = section.agreed_version !== null || section.signatures.some(({ role }) => role === "clinician");
  return section.clinical && isSigned;
}

function byId<T extends { id: string }>(items: readonly T[]): Map<string, Drawn<T>> {
  return new Map(items.map((item): [string, Drawn<T>] => [item.id, { item, waiting: null }]));
}

function over<T>(before: Drawn<T> | undefined, item: T, waiting: Queued): Drawn<T> {
  return { item, waiting, stuck: before?.stuck ?? stuckBy(waiting) };
}

function drawGoals(goals: readonly Goal[], pending: readonly Queued[]): Drawn<Goal>[] {
  const drawn = byId(goals);
  for (const queued of pending) {
    const show = planShow(queued);
    if (show?.kind === "goal") drawn.set(show.goal.id, over(drawn.get(show.goal.id), show.goal, queued));
  }
  return [...drawn.values()];
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

/**
 * `over`: oldest first, what waits and what was acknowledged since this plan was answered. `waits` says which of them
 * still wait: the others are drawn as if the answer had come.
 */
export function drawPlan(plan: Plan, over: readonly Queued[], waits: (id: string) => boolean = () => true): DrawnPlan {
  const still = (queued: Queued | null = null): Queued | null => (queued && waits(queued.id) ? queued : null);
  const marked = <T>({ item, waiting, stuck }: Drawn<T>): Drawn<T> => ({
    item,
    waiting: still(waiting),
    stuck: still(stuck),
  });
  return {
    sections: plan.sections.map((section) => marked(drawSection(section, over))),
    goals: drawGoals(plan.goals, over).map(marked),
    todo: drawTasks(plan.todo, over).map(marked),
  };
}

/**
 * The version to send an edit with: what stands once the newest command about the same document has arrived, else
 * what the server last said. Null: it is new.
 */
export function versionToMatch(standing: number | null, waiting: readonly Queued[]): number | null {
  const after = waiting.flatMap((queued) => {
    const show = planShow(queued);
    return show && show.kind !== "tick" ? [show.after] : [];
  });
  return after.at(-1) ?? standing;
}
