// The plan as this phone shows it: what the server last said, with everything drawn over it that waits to be sent.
import type { Queued } from "./outbox";
import { byId, drawTasks, over, planShow, stuckBy, type Drawn } from "./planTasks";
import type { Goal, Plan, Section, Task } from "./planTypes";

/** What to say under it: what stops the others, else the newest that waits. */
export function saidOf(drawn: Drawn<unknown>): Queued | null {
  return drawn.stuck ?? drawn.waiting;
}

export interface DrawnPlan {
  sections: Drawn<Section>[];
  goals: Drawn<Goal>[];
  todo: Drawn<Task>[];
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

function drawGoals(goals: readonly Goal[], pending: readonly Queued[]): Drawn<Goal>[] {
  const drawn = byId(goals);
  for (const queued of pending) {
    const show = planShow(queued);
    if (show?.kind === "goal") drawn.set(show.goal.id, over(drawn.get(show.goal.id), show.goal, queued));
  }
  return [...drawn.values()];
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
