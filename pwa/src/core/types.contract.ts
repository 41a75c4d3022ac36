// Fails the type check when the server's own description lacks a field that a screen reads.
// The screens' types stay hand-written, because they are narrower: a level is one of five words, not any text.
import type * as Held from "./heldTypes";
import type * as Kit from "./kitTypes";
import type * as Ours from "./types";
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
  Missing<Ours.Worklist, Theirs["Worklist"]>,
  Missing<Ours.Worklist["counts"], Theirs["Counts"]>,
  Missing<Ours.Row, Theirs["Row"]>,
  Missing<Ours.RowPatient, Theirs["DeskPatient"]>,
  Missing<Ours.TeamPerson, Theirs["PersonPage"]>,
  Missing<Ours.TeamPerson["patient"], Theirs["PagePatient"]>,
  Missing<Ours.TeamPerson["limits"][number], Theirs["Limit"]>,
  Missing<Ours.TeamPerson["devices"][number], Theirs["Device"]>,
  Missing<Ours.TeamPerson["timeline"][number], Theirs["Timeline"]>,
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
];

/** Only an empty list of missing fields can be assigned here; the error names the field. */
export const NOTHING_LACKS: Lacking[number] extends never ? true : Lacking[number] = true;
