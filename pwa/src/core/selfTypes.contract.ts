// Fails the type check when the server's own description lacks a field that a page of readings or check-ins reads.
import type * as Self from "./selfTypes";
import type { components } from "./types.gen";

type Theirs = components["schemas"];
/** The fields of ours that the server does not describe; `never` when there are none. */
type Missing<Mine, Its> = Exclude<keyof Mine, keyof Its>;

type Lacking = [
  Missing<Self.Taking, Theirs["Taking"]>,
  Missing<Self.TakenKind, Theirs["TakenKind"]>,
  Missing<Self.TakenCode, Theirs["TakenCode"]>,
  Missing<Self.Band, Theirs["Band"]>,
  Missing<Self.Act, Theirs["Act"]>,
  Missing<Self.Year, Theirs["Year"]>,
  Missing<Self.YearKind, Theirs["YearKind"]>,
  Missing<Self.Questionnaire, Theirs["Questionnaire"]>,
  Missing<Self.CheckIns, Theirs["CheckIns"]>,
  Missing<Self.CheckInResult, Theirs["CheckInResult"]>,
];

/** Only an empty list of missing fields can be assigned here; the error names the field. */
export const NO_FIELD_LACKS: Lacking[number] extends never ? true : Lacking[number] = true;
