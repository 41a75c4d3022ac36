// Typing a reading in: one number a page, then what its meaning depends on, then a look at it before it is saved.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { lockedState } from "../../core/away";
import { TAKE_KINDS } from "../../core/takeKinds";
import { firstMissing, stepAfter, stepsOf, type StepName } from "../../core/takeSteps";
import { t } from "../../core/words";
import type { ReadingKind } from "../../core/types";
import { useOpenPatient, useUnsaved, useValue } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { useRecordFor } from "../../parts/useRecordFor";
import { useJudging, type Judging } from "../../parts/useTaking";
import { Waiting } from "../../parts/Waiting";
import { AgainPage } from "./AgainPage";
import { CheckPage } from "./CheckPage";
import { FeelPage } from "./FeelPage";
import { NumberPage } from "./NumberPage";
import { OxygenPage } from "./OxygenPage";
import { useTaken, type Taking } from "./useTaken";

export const address = "/take/:kind/:step";
export const open = true;
export const nav = "today";
export const example = "/take/blood-pressure/systolic";

/** What every page of a reading is given. */
export interface StepProps {
  patient: string;
  draftName: string;
  judging: Judging;
  taking: Taking;
  /** To the page after this one, worked out from what stands now. */
  goOn: (from: StepName, taken: Taking["taken"]) => void;
  goTo: (step: StepName) => void;
  back: { href: string; words: string };
}

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const { patient, isOpen } = useRecordFor();
  const locks = useValue(lockedState);
  const kind = TAKE_KINDS.find((known) => known === params["kind"]) ?? "blood-pressure";
  if (!patient) return <NobodysPage />;
  // Once locked, it starts anew from what may be seen.
  const key = `${patient} ${kind} ${String(locks)}`;
  return <Steps key={key} patient={patient} isOpen={isOpen} kind={kind} step={params["step"] ?? ""} />;
}

function NobodysPage(): JSX.Element {
  return (
    <Page title={t("take.nobody.title")}>
      <p>{t("take.nobody.words")}</p>
      <a class="al-button al-button--main" href="/sign-in">
        {t("signIn.do")}
      </a>
    </Page>
  );
}

function Steps(props: { patient: string; isOpen: boolean; kind: ReadingKind; step: string }): JSX.Element {
  const { patient, kind } = props;
  const person = useOpenPatient();
  const { route } = useLocation();
  const draftName = `take/${patient}/${kind}`;
  const judging = useJudging(props.isOpen ? patient : null, kind);
  const taking = useTaken(draftName);
  const { asking } = judging;
  const steps = stepsOf(asking, taking.taken);
  const step = steps.find((one) => one === props.step) ?? null;
  const missing = firstMissing(asking, taking.taken);
  // Somebody may open a later page by its address: it begins where the numbers do.
  const isNumber = asking.codes.some(({ code }) => code === step);
  const early = step === null || (!isNumber && missing !== null);
  const goTo = (next: StepName, instead = false): void => route(`/take/${kind}/${next}`, instead);
  useUnsaved(Object.keys(taking.taken.values).length > 0);
  useEffect(() => {
    if (taking.ready && early) goTo(missing ?? "check", true);
  }, [taking.ready, early]);
  if (!taking.ready || early) return <Waiting title={t(`now.${kind}`)} words={t("opening.words")} />;
  const before = steps[steps.indexOf(step) - 1];
  const step_props: StepProps = {
    patient,
    draftName,
    judging,
    taking,
    goTo,
    goOn: (from, taken) => goTo(stepAfter(asking, taken, from)),
    back: { href: before ? `/take/${kind}/${before}` : `/take/${kind}`, words: t("nav.back") },
  };
  return <OneStep {...step_props} step={step} helping={person?.relation === "carer" ? person.display_name : null} />;
}

function OneStep(props: StepProps & { step: StepName; helping: string | null }): JSX.Element {
  switch (props.step) {
    case "oxygen":
      return <OxygenPage {...props} />;
    case "again":
      return <AgainPage {...props} />;
    case "feel":
      return <FeelPage {...props} />;
    case "check":
      return <CheckPage {...props} />;
    default:
      return <NumberPage key={props.step} {...props} code={props.step} />;
  }
}
