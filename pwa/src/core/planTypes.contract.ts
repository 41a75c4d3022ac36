// Fails the type check when the server's own description lacks a field that a page of the plan, the messages or the
// circle reads.
import type * as Circles from "./circleTypes";
import type * as Feedback from "./feedbackTypes";
import type * as Plans from "./planTypes";
import type * as Practices from "./practiceDays";
import type * as Teams from "./teamPlan";
import type * as Suggested from "./teamSuggestions";
import type * as Threads from "./threadTypes";
import type { components } from "./types.gen";

type Theirs = components["schemas"];
/** The fields of ours that the server does not describe; `never` when there are none. */
type Missing<Mine, Its> = Exclude<keyof Mine, keyof Its>;

type Lacking = [
  Missing<Plans.Plan, Theirs["Plan"]>,
  Missing<Plans.Section, Theirs["Section"]>,
  Missing<Plans.Agreed, Theirs["Agreed"]>,
  Missing<Plans.Signature, Theirs["PlanSignature"]>,
  Missing<Plans.Goal, Theirs["Goal"]>,
  Missing<Plans.Task, Theirs["Task"]>,
  Missing<Plans.Tick, Theirs["Tick"]>,
  Missing<Plans.Proposal, Theirs["Proposal"]>,
  Missing<Plans.AdvanceDocument, Theirs["AdvanceDocument"]>,
  Missing<Plans.HistoryRow, Theirs["PlanHistoryRow"]>,
  Missing<Plans.Reminders, Theirs["Reminders"]>,
  Missing<Threads.Threads, Theirs["Threads"]>,
  Missing<Threads.Thread, Theirs["Thread"]>,
  Missing<Threads.Message, Theirs["ThreadMessage"]>,
  Missing<Circles.Circle, Theirs["Circle"]>,
  Missing<Circles.Helper, Theirs["Helper"]>,
  Missing<Circles.Former, Theirs["Former"]>,
  Missing<Circles.Invitation, Theirs["SentInvitation"]>,
  Missing<Circles.Looked, Theirs["Looked"]>,
  Missing<Circles.LookedPage, Theirs["LookedPage"]>,
  Missing<Circles.InvitationCode, Theirs["InvitationCode"]>,
  Missing<Circles.Invited, Theirs["InvitationShown"]>,
  Missing<Feedback.Answered, Theirs["Answered"]>,
  Missing<Feedback.Suggestions, Theirs["AnsweredList"]>,
  Missing<Teams.PlansWaiting, Theirs["PlansWaiting"]>,
  Missing<Teams.PlanWaiting, Theirs["PlanWaitingRow"]>,
  Missing<Teams.CheckIn, Theirs["CheckIn"]>,
  Missing<Suggested.TeamSuggestions, Theirs["Suggestions"]>,
  Missing<Suggested.Suggestion, Theirs["Suggestion"]>,
  Missing<Suggested.HelpfulCount, Theirs["HelpfulCount"]>,
  Missing<Practices.AllPracticeDays, Theirs["PracticePromises"]>,
  Missing<Practices.PracticeDays, Theirs["PracticePromise"]>,
];

/** Only an empty list of missing fields can be assigned here; the error names the field. */
export const NO_FIELD_LACKS: Lacking[number] extends never ? true : Lacking[number] = true;
