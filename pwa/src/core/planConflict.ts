// Two versions of one thing of the plan: what was written here, and what somebody else made of it meanwhile.
import { planShow } from "./planTasks";
import { bodyLines, joined, whenDueWords } from "./planWords";
import { t } from "./words";
import type { Queued } from "./outbox";
import type { Edited, Goal, Section, Task } from "./planTypes";

export type Clash =
  | { kind: "section"; mine: Pick<Section, "body" | "private">; theirs: Section }
  | { kind: "goal"; mine: Goal; theirs: Goal }
  | { kind: "task"; mine: Task; theirs: Task };

/** From this edit on, all that waits here of the same text, oldest first: it is settled together. */
export function chainOf(queued: Queued, items: readonly Queued[]): Queued[] {
  const kind = planShow(queued)?.kind;
  const from = items.slice(Math.max(0, items.findIndex(({ id }) => id === queued.id)));
  const later = from.filter((one) => one.document === queued.document && planShow(one)?.kind === kind);
  return later[0]?.id === queued.id && queued.document !== null ? later : [queued];
}

/**
 * Null when it is no conflict of the plan, or when the answer of the service does not say what stands now.
 * `newest`: what its author made of it later, on this phone, which is theirs to compare.
 */
export function clashOf(queued: Queued, newest: Queued = queued): Clash | null {
  const show = planShow(newest);
  const current = queued.problem?.current;
  if (queued.state !== "needs-you" || !show || !current) return null;
  if (show.kind === "section") return { kind: "section", mine: show, theirs: current as Section };
  if (show.kind === "goal") return { kind: "goal", mine: show.goal, theirs: current as Goal };
  if (show.kind === "task") return { kind: "task", mine: show.task, theirs: current as Task };
  return null;
}

export function editedBy(clash: Clash): Edited | null {
  return clash.theirs.edited;
}

function goalLines(goal: Goal): string[] {
  const steps = goal.steps.map((step) => t(step.done_on ? "conflict.stepDone" : "conflict.step", { step: step.text }));
  const state = goal.state === "open" ? "" : t(goal.state === "reached" ? "goals.reached" : "conflict.letGo");
  return [goal.text, goal.why, ...steps, state].filter(Boolean);
}

function taskLines(task: Task): string[] {
  return [task.text, task.how, whenDueWords(task), task.stopped ? t("conflict.stopped") : ""].filter(Boolean);
}

/** Both in words: "You wrote", "Sam wrote". */
export function clashLines(clash: Clash): { mine: string[]; theirs: string[] } {
  if (clash.kind === "section")
    return { mine: bodyLines(clash.mine.body), theirs: bodyLines(clash.theirs.body) };
  if (clash.kind === "goal") return { mine: goalLines(clash.mine), theirs: goalLines(clash.theirs) };
  return { mine: taskLines(clash.mine), theirs: taskLines(clash.theirs) };
}

const both = (first: string, second: string): string =>
  first.trim() === second.trim() ? first : [first, second].filter((one) => one.trim()).join(" ");

function bothGoals(mine: Goal, theirs: Goal): Goal {
  const known = new Map(theirs.steps.map((step) => [step.id, step]));
  for (const step of mine.steps) {
    const there = known.get(step.id);
    // A step that either has done is done.
    known.set(step.id, there ? { ...there, done_on: there.done_on ?? step.done_on } : step);
  }
  const text = both(theirs.text, mine.text);
  return { ...theirs, text, why: both(theirs.why, mine.why), steps: [...known.values()] };
}

function bothTasks(mine: Task, theirs: Task): Task {
  const days = theirs.days.length === 0 || mine.days.length === 0 ? [] : [...new Set([...theirs.days, ...mine.days])];
  const times = [...new Set([...theirs.times, ...mine.times])].sort();
  const stopped = theirs.stopped && mine.stopped;
  const remind = theirs.remind || mine.remind;
  return { ...theirs, text: both(theirs.text, mine.text), how: both(theirs.how, mine.how), days, times, remind, stopped };
}

/** Everything of both, at the version that stands now; the person puts it right and saves it. */
export function keepBoth(clash: Clash): Clash {
  if (clash.kind === "section") {
    const body = joined(clash.mine.body, clash.theirs.body);
    return { ...clash, mine: { body, private: clash.mine.private } };
  }
  if (clash.kind === "goal") return { ...clash, mine: bothGoals(clash.mine, clash.theirs) };
  return { ...clash, mine: bothTasks(clash.mine, clash.theirs) };
}

/** True when both say the same: nothing to choose, nothing to lose. */
export function isSame(clash: Clash): boolean {
  const { mine, theirs } = clashLines(clash);
  return mine.join("\n") === theirs.join("\n");
}
