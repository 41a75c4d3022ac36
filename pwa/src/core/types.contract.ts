// Fails the type check when the server's own description lacks a field that a screen reads.
// The screens' types stay hand-written, because they are narrower: a level is one of five words, not any text.
import type * as Cards from "./cardTypes";
import type * as Desk from "./deskTypes";
import type * as Cases from "./caseTypes";
import type * as Duties from "./rotaTypes";
import type * as Held from "./heldTypes";
import type * as Inboxes from "./inbox";
import type * as Kit from "./kitTypes";
import type * as Ours from "./types";
import type * as Reaching from "./reach";
import type { components } from "./types.gen";

type Theirs = components["schemas"];

/** The fields of ours that the server does not describe; `never` when there are none. */
type Missing<Mine, Its> = Exclude<keyof Mine, keyof Its>;

type Lacking = [
  Missing<Ours.Session, Theirs["Session"]>,
  Missing<Ours.PatientChoice, Theirs["PatientChoice"]>,
  Missing<Ours.Home, Theirs["Home"]>,
  Missing<Ours.HomeTeam, Theirs["HomeTeam"]>,
  Missing<Ours.HomeAlert, Theirs["HomeAlert"]>,
  Missing<Ours.NowTask, Theirs["Now"]>,
  Missing<Ours.Kit, Theirs["Kit"]>,
  Missing<Ours.LatestTile, Theirs["Tile"]>,
  Missing<Ours.ReadingValue, Theirs["Value"]>,
  Missing<Ours.Range, Theirs["Range"]>,
  Missing<Ours.Series, Theirs["Series"]>,
  Missing<Ours.SeriesPoint, Theirs["Point"]>,
  Missing<Ours.Series["summary"], Theirs["Summary"]>,
  Missing<Desk.Worklist, Theirs["Worklist"]>,
  Missing<Desk.Worklist["counts"], Theirs["Counts"]>,
  Missing<Desk.Row, Theirs["Row"]>,
  Missing<Desk.Finding, Theirs["CardFinding"]>,
  Missing<Cards.Card, Theirs["Card"]>,
  Missing<Cards.CardFacts, Theirs["CardFacts"]>,
  Missing<Cards.Handover, Theirs["Handover"]>,
  Missing<Cards.HandoverMade, Theirs["HandoverMade"]>,
  Missing<Cards.CareLimit, Theirs["CareLimit"]>,
  Missing<Cards.Rehearsal, Theirs["Rehearsal"]>,
  Missing<Cards.CustodyStep, Theirs["CustodyStep"]>,
  Missing<Cards.AlertCustody, Theirs["AlertCustody"]>,
  Missing<Cards.ReadingCustody, Theirs["ReadingCustody"]>,
  Missing<Desk.RowPatient, Theirs["DeskPatient"]>,
  Missing<Desk.TeamPerson, Theirs["PersonPage"]>,
  Missing<Desk.TeamPerson["patient"], Theirs["PagePatient"]>,
  Missing<Desk.TeamPerson["limits"][number], Theirs["Limit"]>,
  Missing<Desk.TeamPerson["devices"][number], Theirs["Device"]>,
  Missing<Desk.TeamPerson["timeline"][number], Theirs["Timeline"]>,
  Missing<Held.HeldList, Theirs["Quarantine"]>,
  Missing<Held.HeldRow, Theirs["QuarantineRow"]>,
  Missing<Held.HeldMessage, Theirs["QuarantineMessage"]>,
  Missing<Held.HeldTry, Theirs["Try"]>,
  Missing<Held.ReplayProgress, Theirs["ReplayProgress"]>,
  Missing<Held.PersonChoice, Theirs["Choice"]>,
  Missing<Held.VoidPreview, Theirs["VoidPreview"]>,
  Missing<Held.Correction, Theirs["Correction"]>,
  Missing<Held.Difference, Theirs["Difference"]>,
  Missing<Ours.Problem, Theirs["Problem"]>,
  Missing<Kit.KitList, Theirs["KitPage"]>,
  Missing<Kit.KitRow, Theirs["KitRow"]>,
  Missing<Kit.KitDetail, Theirs["KitDetail"]>,
  Missing<Kit.Wearer, Theirs["Wearer"]>,
  Missing<Kit.KitMove, Theirs["KitAllowed"]>,
  Missing<Kit.StepProof, Theirs["KitStep"]>,
  Missing<Kit.Heard, Theirs["KitHeard"]>,
  Missing<Kit.KitEvent, Theirs["KitEvent"]>,
  Missing<Kit.KitPeople, Theirs["KitPeople"]>,
  Missing<Kit.Recall, Theirs["Recall"]>,
  Missing<Cases.Joinings, Theirs["Joinings"]>,
  Missing<Cases.JoiningRow, Theirs["JoiningRow"]>,
  Missing<Cases.Joining, Theirs["Joining"]>,
  Missing<Cases.JoiningSteps, Theirs["JoiningSteps"]>,
  Missing<Cases.Identity, Theirs["Identity"]>,
  Missing<Cases.Consent, Theirs["Consent"]>,
  Missing<Cases.Proxy, Theirs["Proxy"]>,
  Missing<Cases.Needs, Theirs["Needs"]>,
  Missing<Cases.Pathways, Theirs["Pathways"]>,
  Missing<Cases.PathwayChoice, Theirs["PathwayChoice"]>,
  Missing<Cases.JoinedKit, Theirs["JoinedKit"]>,
  Missing<Cases.PairingCode, Theirs["PairingCode"]>,
  Missing<Cases.Caseload, Theirs["Caseload"]>,
  Missing<Cases.CaseRow, Theirs["CaseRow"]>,
  Missing<Cases.Care, Theirs["Care"]>,
  Missing<Cases.Pause, Theirs["Pause"]>,
  Missing<Cases.Ended, Theirs["Ended"]>,
  Missing<Duties.Rota, Theirs["Rota"]>,
  Missing<Duties.Shift, Theirs["Shift"]>,
  Missing<Cases.Staff, Theirs["Staff"]>,
  Missing<Reaching.Reach, Theirs["Reach"]>,
  Missing<Reaching.ReachTest, Theirs["ReachTest"]>,
  Missing<Reaching.ReachOther, Theirs["ReachOther"]>,
  Missing<Cases.StaffRow, Theirs["StaffRow"]>,
  Missing<Inboxes.Inbox, Theirs["Inbox"]>,
  Missing<Inboxes.InboxRow, Theirs["InboxRow"]>,
  Missing<Inboxes.OneThread, Theirs["OneThread"]>,
  Missing<Inboxes.PersonOfThread, Theirs["PersonOfThread"]>,
  Missing<Inboxes.Settled, Theirs["ThreadSettled"]>,
  Missing<Inboxes.Thread, Theirs["Thread"]>,
  Missing<Inboxes.ThreadMessage, Theirs["ThreadMessage"]>,
];

/** Only an empty list of missing fields can be assigned here; the error names the field. */
export const NOTHING_LACKS: Lacking[number] extends never ? true : Lacking[number] = true;
