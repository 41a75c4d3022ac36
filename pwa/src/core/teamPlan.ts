// People's plans and check-ins as the team sees them: one person's, what of everybody's waits for a clinician, and answers.
import { once } from "./resources";
import type { History, Plan, Relation } from "./planTypes";
import type { Answers, CheckInResult, CheckIns, GivenCheckIn, Questionnaire } from "./selfTypes";
import type { Resource } from "./sync";

/** A change somebody asks for, or words of a clinical part that no clinician has signed. */
export interface PlanWaiting {
  patient: { id: string; display_name: string; nhs_number: string; birth_date: string };
  what: "proposal" | "words";
  section: string;
  title: string;
  by: string;
  relation: Relation;
  at: string;
}

export interface PlansWaiting {
  as_of: string;
  rows: PlanWaiting[];
}

/** One check-in with its answers; a draft is what somebody began and has not sent. */
export interface CheckIn {
  id: string;
  version: number;
  questionnaire: string;
  title: string;
  state: "draft" | "complete";
  answers: Answers;
  result: CheckInResult | null;
  safety: { alert: string | null; level: "urgent" | "emergency" | null; answer_by: string | null } | null;
  by: string;
  made_at: string | null;
  at: string;
}

export interface TeamCheckIns extends Omit<CheckIns, "drafts" | "given"> {
  given: GivenCheckIn[];
  drafts: CheckIn[];
}

const never = (): boolean => false;

/** Its own name, because a carer's copy of the same address lacks what is hidden from carers. */
export function teamPlanOf(patient: string): Resource<Plan> {
  return once<Plan>(`team-plan/${patient}`, `/patients/${patient}/plan`, never);
}

export function teamHistoryOf(patient: string, section: string): Resource<History> {
  const asked = `/patients/${patient}/plan/history?section=${encodeURIComponent(section)}`;
  return once<History>(`team-plan/${patient}/${section}`, asked, never);
}

export function plansWaiting(): Resource<PlansWaiting> {
  return once<PlansWaiting>("plans/waiting", "/plans/waiting", never);
}

export function teamCheckInsOf(patient: string): Resource<TeamCheckIns> {
  const wants = (event: { t: string; p?: string | null }): boolean => event.t === "alert" && event.p === patient;
  return once<TeamCheckIns>(`team-check-ins/${patient}`, `/patients/${patient}/check-ins`, wants);
}

export function teamCheckInOf(patient: string, id: string): Resource<CheckIn> {
  return once<CheckIn>(`team-check-ins/${patient}/${id}`, `/patients/${patient}/check-ins/${id}`, never);
}

export function teamQuestionnaires(): Resource<{ questionnaires: Questionnaire[] }> {
  return once<{ questionnaires: Questionnaire[] }>("questionnaires", "/questionnaires", never);
}

/** What was typed into a plan and not saved, kept while the page is open and on no disk: a desk is shared. */
export const planDrafts = new Map<string, unknown>();
