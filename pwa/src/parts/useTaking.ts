// All that a page of taking a reading judges with: what is kept on this phone, and what holds for everybody.
import { useMemo } from "preact/hooks";
import { homeOf } from "../core/resources";
import { takingOf, yearOf } from "../core/selfResources";
import { takenKind } from "../core/takeKinds";
import type { TakenKind, Taking } from "../core/selfTypes";
import type { Asking } from "../core/takeSteps";
import type { Home, ReadingKind } from "../core/types";
import type { View } from "../core/sync";
import { useResource } from "./hooks";

export interface Judging {
  taken: TakenKind;
  taking: Taking | null;
  asking: Asking;
  home: View<Home>;
}

/** `patient` null, or a phone whose copy cannot be read now: what holds for everybody is all there is. */
export function useJudging(patient: string | null, kind: ReadingKind): Judging {
  const taking = useResource(useMemo(() => (patient ? takingOf(patient) : null), [patient]));
  const year = useResource(useMemo(() => (patient ? yearOf(patient) : null), [patient]));
  const home = useResource(useMemo(() => (patient ? homeOf(patient) : null), [patient]));
  const taken = takenKind(taking.body, kind);
  const asksOxygen = taking.body?.oxygen !== undefined && taking.body.oxygen !== null;
  return {
    taken,
    taking: taking.body,
    home,
    asking: {
      kind,
      codes: taken.codes,
      asksOxygen: asksOxygen || year.body?.asks_oxygen === true,
      usual: year.body?.kinds[kind]?.usual ?? {},
    },
  };
}
