// The frame of every page about a plan: opened from what this phone kept, said in words when there is nothing.
import type { ComponentChildren, JSX } from "preact";
import { isDisconnected, type View } from "../../core/sync";
import { t } from "../../core/words";
import type { DrawnPlan } from "../../core/planPending";
import type { Plan } from "../../core/planTypes";
import type { Viewer } from "../../core/planWords";
import type { PatientChoice } from "../../core/types";
import { useNow } from "../hooks";
import { Page } from "../Page";
import { SyncStatus } from "../SyncStatus";
import { Waiting } from "../Waiting";
import { HelpingBanner, WithPatient } from "../WithPatient";
import { usePlan } from "./usePlan";

export interface Shown {
  patient: PatientChoice;
  plan: Plan;
  drawn: DrawnPlan;
  viewer: Viewer;
  now: Date;
}

interface Frame {
  title: (shown: Shown | null) => string;
  back?: { href: string; words: string };
  hasError?: boolean;
  children: (shown: Shown) => ComponentChildren;
}

export function PlanPage(props: Frame): JSX.Element {
  return <WithPatient>{(patient) => <Opened {...props} patient={patient} />}</WithPatient>;
}

function Opened(props: Frame & { patient: PatientChoice }): JSX.Element {
  const { patient } = props;
  const now = useNow();
  const { view, plan, drawn, viewer } = usePlan(patient);
  const shown = plan && drawn ? { patient, plan, drawn, viewer, now } : null;
  const title = props.title(shown);
  if (!shown && !view.asked) return <Waiting title={title} words={t("plan.opening")} />;
  return (
    <Page title={title} hasError={props.hasError ?? false} {...(props.back ? { back: props.back } : {})}>
      <HelpingBanner patient={patient} />
      {shown ? props.children(shown) : <Nothing view={view} />}
      {(shown || isDisconnected(view)) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}

function Nothing(props: { view: View<unknown> }): JSX.Element {
  return <p>{t(isDisconnected(props.view) ? "plan.nothingKept" : "plan.refused")}</p>;
}

export const toPlan = (): { href: string; words: string } => ({ href: "/plan", words: t("nav.plan") });
