// The frame of a page about who helps and who may see what: opened from what this phone kept.
import type { ComponentChildren, JSX } from "preact";
import { circleOf } from "../core/circleResources";
import { isDisconnected } from "../core/sync";
import { t } from "../core/words";
import type { Circle } from "../core/circleTypes";
import type { PatientChoice } from "../core/types";
import { useNow, useResource } from "./hooks";
import { Page } from "./Page";
import { SyncStatus } from "./SyncStatus";
import { Waiting } from "./Waiting";
import { HelpingBanner, WithPatient } from "./WithPatient";

export interface CircleShown {
  circle: Circle;
  patient: PatientChoice;
  now: Date;
  /** Ask again after a change. */
  again: () => void;
}

interface Frame {
  title: string;
  back?: { href: string; words: string };
  hasError?: boolean;
  children: (shown: CircleShown) => ComponentChildren;
}

export function CirclePage(props: Frame): JSX.Element {
  return <WithPatient>{(patient) => <Opened {...props} patient={patient} />}</WithPatient>;
}

function Opened(props: Frame & { patient: PatientChoice }): JSX.Element {
  const { patient, title } = props;
  const now = useNow();
  const resource = circleOf(patient.id);
  const view = useResource(resource);
  const shown = view.body && { circle: view.body, patient, now, again: () => void resource.pull() };
  if (!shown && !view.asked) return <Waiting title={title} words={t("circle.opening")} />;
  return (
    <Page title={title} hasError={props.hasError ?? false} {...(props.back ? { back: props.back } : {})}>
      <HelpingBanner patient={patient} />
      {shown ? props.children(shown) : <p>{t(isDisconnected(view) ? "circle.nothingKept" : "circle.refused")}</p>}
      {(shown || isDisconnected(view)) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}

export const toCircle = (): { href: string; words: string } => ({ href: "/circle", words: t("circle.title") });
