// What a person does to their plan, as commands that wait on this phone until the service has them.
import { add, discard, drawnOver, outboxState, replace, type CommandKind, type Draft, type Queued } from "./outbox";
import { chainOf, clashOf, type Clash } from "./planConflict";
import { isGuarded, versionToMatch } from "./planPending";
import { planOf } from "./planResources";
import { taskPath, type PlanShow } from "./planTasks";
import type { Goal, Section, SectionBody, Task } from "./planTypes";

const sectionPath = (patient: string, key: string): string =>
  `/patients/${patient}/plan/sections/${encodeURIComponent(key)}`;
const goalPath = (patient: string, id: string): string => `/patients/${patient}/goals/${id}`;

interface Said {
  patient: string;
  what: CommandKind;
  path: string;
  body: object;
  /** The version that this phone last had from the server; null for what was made here. */
  standing: number | null;
  /** True when it becomes a proposal, which raises no version. */
  guarded?: boolean;
  show: (after: number) => PlanShow;
}

export interface How {
  /** The command that met somebody else's change; it is settled by this one, at the version that stands now. */
  instead?: Queued | null;
  /** Only the words of `instead` itself, at the version that stands now; what was written after it follows by itself. */
  again?: boolean;
  /** The name of the draft that becomes this: it goes in the same transaction. */
  draftOf?: string;
  /** The version that was looked at when somebody began to write; what came since must not be overwritten. */
  base?: number | null;
}

/** The version that whoever looks at a document now sees: what waits or has just arrived is drawn over the answer. */
function versionSeen(patient: string, document: string, standing: number | null): number | null {
  const over = drawnOver(patient, planOf(patient).view.get().at);
  return versionToMatch(standing, over.filter((one) => one.document === document));
}

export function sectionSeen(patient: string, section: Section): number | null {
  return versionSeen(patient, sectionPath(patient, section.key), section.version);
}

export function goalSeen(patient: string, goal: Goal): number | null {
  return versionSeen(patient, goalPath(patient, goal.id), goal.version || null);
}

export function taskSeen(patient: string, task: Task): number | null {
  return versionSeen(patient, taskPath(patient, task.id), task.version || null);
}

function matched(said: Said, how: How): number | null {
  if (how.instead) return said.standing;
  return how.base === undefined ? versionSeen(said.patient, said.path, said.standing) : how.base;
}

function put(said: Said, how: How): Promise<Queued> {
  const { patient, what, path, body } = said;
  const ifMatch = matched(said, how);
  const show = said.show((ifMatch ?? 0) + (said.guarded ? 0 : 1));
  const draft: Draft = { patient, what, method: "PUT", path, body, document: path, show };
  if (ifMatch !== null) draft.ifMatch = ifMatch;
  if (how.draftOf) draft.draftOf = how.draftOf;
  return how.instead ? settle(how.instead, draft, how) : add(draft);
}

/** What was written between goes first, so that the words that were just put together are the last to be said. */
async function settle(instead: Queued, draft: Draft, how: How): Promise<Queued> {
  const clash = clashOf(instead);
  if (how.again || !clash || chainOf(instead, outboxState.get().items).length < 2) return replace(instead.id, draft);
  const last = await add(draft);
  await keepMine(draft.patient, clash, instead);
  return last;
}

/** Send what met somebody else's words once more, over those; `clash` is of `instead` itself. */
export function keepMine(patient: string, clash: Clash, instead: Queued): Promise<Queued> {
  const how = { instead, again: true };
  if (clash.kind === "section") {
    const { body, private: isPrivate } = clash.mine;
    return changeSection(patient, clash.theirs, { body, private: isPrivate }, how);
  }
  const { version } = clash.theirs;
  if (clash.kind === "goal") return saveGoal(patient, { ...clash.mine, version }, how);
  return saveTask(patient, { ...clash.mine, version }, how);
}

/** Let go of what was written here: the newest first, because nothing may be sent in between. */
export async function keepTheirs(chain: readonly Queued[]): Promise<void> {
  for (const one of [...chain].reverse()) await discard(one.id);
}

export function changeSection(
  patient: string,
  section: Section,
  said: { body: SectionBody; private: boolean },
  how: How = {},
): Promise<Queued> {
  const { key, title, version } = section;
  const show = (after: number): PlanShow => ({ kind: "section", section: key, title, ...said, after });
  const path = sectionPath(patient, key);
  const guarded = isGuarded(section);
  return put({ patient, what: "plan", path, body: said, standing: version, guarded, show }, how);
}

/** The person's signature under what stands now. */
export function agreeTo(patient: string, section: Section): Promise<Queued> {
  const document = sectionPath(patient, section.key);
  const after = section.version;
  const show: PlanShow = { kind: "agree", section: section.key, title: section.title, after };
  const path = `${document}/agree`;
  return add({ patient, what: "plan", method: "POST", path, body: {}, document, show, ifMatch: after });
}

export function saveGoal(patient: string, goal: Goal, how: How = {}): Promise<Queued> {
  const { text, why, by_date, state, steps } = goal;
  const body = { text, why, by_date, state, steps, private: goal.private };
  const show = (after: number): PlanShow => ({ kind: "goal", goal, after });
  const path = goalPath(patient, goal.id);
  return put({ patient, what: "goal", path, body, standing: goal.version || null, show }, how);
}

export function saveTask(patient: string, task: Task, settle: How = {}): Promise<Queued> {
  const { kind, text, how, days, times, remind, stopped } = task;
  const body = { kind, text, how, days, times, remind, stopped, private: task.private };
  const show = (after: number): PlanShow => ({ kind: "task", task, after });
  const path = taskPath(patient, task.id);
  return put({ patient, what: "task", path, body, standing: task.version || null, show }, settle);
}

/** A goal that exists on this phone only, until it is sent. */
export function newGoal(): Goal {
  const [text, why, by_date, steps] = ["", "", null, []];
  return { id: crypto.randomUUID(), text, why, by_date, state: "open", steps, version: 0, private: false, edited: null };
}

export function newTask(): Task {
  const plain = { kind: "action" as const, text: "", how: "", days: [], times: [], ticks: [], edited: null };
  return { ...plain, id: crypto.randomUUID(), remind: false, stopped: false, version: 0, private: false };
}
