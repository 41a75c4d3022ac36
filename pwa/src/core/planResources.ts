// What the plan and message pages look at: each address once, shared by every screen that shows it.
import { once } from "./resources";
import type { History, Plan, Reminders } from "./planTypes";
import type { Suggestions } from "./feedbackTypes";
import type { Resource } from "./sync";
import type { OneThread, Threads } from "./threadTypes";
import type { LiveEvent } from "./types";

const of = (patient: string) => (event: LiveEvent) => "p" in event && event.p === patient;
const never = (): boolean => false;

export function planOf(patient: string): Resource<Plan> {
  return once<Plan>(`plan/${patient}`, `/patients/${patient}/plan`, of(patient));
}

export function historyOf(patient: string, section: string): Resource<History> {
  const question = `section=${encodeURIComponent(section)}`;
  return once<History>(`history/${patient}/${section}`, `/patients/${patient}/plan/history?${question}`, never);
}

export function threadsOf(patient: string): Resource<Threads> {
  return once<Threads>(`threads/${patient}`, `/patients/${patient}/threads`, of(patient));
}

/** The 30 messages before one. */
export function earlierOf(patient: string, kind: string, before: string): Resource<OneThread> {
  const path = `/patients/${patient}/threads/${kind}?before=${encodeURIComponent(before)}`;
  return once<OneThread>(`thread/${patient}/${kind}/${before}`, path, never);
}

export function remindersOf(patient: string): Resource<Reminders> {
  return once<Reminders>(`reminders/${patient}`, `/patients/${patient}/reminders`, never);
}

export function suggestionsOf(patient: string): Resource<Suggestions> {
  return once<Suggestions>(`suggestions/${patient}`, `/patients/${patient}/suggestions`, never);
}
