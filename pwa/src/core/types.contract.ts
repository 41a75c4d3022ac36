// Fails the type check when the server's own description lacks a field that a screen reads.
// The screens' types stay hand-written, because they are narrower: a level is one of five words, not any text.
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
  Missing<Ours.Quarantine, Theirs["Quarantine"]>,
  Missing<Ours.QuarantineRow, Theirs["QuarantineRow"]>,
  Missing<Ours.Problem, Theirs["Problem"]>,
];

/** Only an empty list of missing fields can be assigned here; the error names the field. */
export const NOTHING_LACKS: Lacking[number] extends never ? true : Lacking[number] = true;
