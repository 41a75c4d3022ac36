// The pages of a check-in: one question each, help at once where an answer asks for it, a look at the answers, the end.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import { askedItems, asksSafety } from "../../core/checkIn";
import { postCheckIn, type Answering } from "../../core/checkInSend";
import { t } from "../../core/words";
import type { DueSitting, Questionnaire } from "../../core/selfTypes";
import type { PatientChoice } from "../../core/types";
import { useUnsaved } from "../../parts/hooks";
import { useAnswering, type AnsweringNow } from "../../parts/useAnswering";
import { useForm } from "../../parts/useForm";
import { Waiting } from "../../parts/Waiting";
import { WithPatient } from "../../parts/WithPatient";
import { CheckAnswers } from "./CheckAnswers";
import { DonePage, doneOf } from "./DonePage";
import { QuestionPage } from "./QuestionPage";
import { RedPage } from "./RedPage";
import { SafePage } from "./SafePage";

export const address = "/check-in/:id/:step";
export const nav = "today";
export const example = "/check-in/copd/q-breath";

/** What every page of a check-in is given. */
export interface PageOfProps {
  patient: PatientChoice;
  form: Questionnaire;
  sitting: DueSitting | null;
  now: AnsweringNow;
  goTo: (step: string, instead?: boolean) => void;
  /** Posts what is known by now; what cannot even be kept here raises. */
  post: (answering: Answering, state: "draft" | "complete") => Promise<string>;
}

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const { id = "", step = "" } = params;
  return <WithPatient>{(patient) => <Steps key={id} patient={patient} id={id} step={step} />}</WithPatient>;
}

function Steps(props: { patient: PatientChoice; id: string; step: string }): JSX.Element {
  const { patient, id, step } = props;
  const { route } = useLocation();
  const draftName = `check-in/${patient.id}/${id}`;
  const { form, sitting, asked } = useForm(patient.id, id);
  const now = useAnswering(draftName);
  const isDone = step === "done" && doneOf(patient.id, id) !== null;
  const known = form !== null && now.ready && isStep(form, now.answering, step, isDone);
  const lost = asked && now.ready && !known;
  useUnsaved(!isDone && Object.keys(now.answering.answers).length > 0);
  useEffect(() => {
    if (lost) route(`/check-in/${id}`, true);
  }, [lost]);
  if (!form || !known) return <Waiting title={t("checkIn.title")} words={t("opening.words")} />;
  const goTo = (next: string, instead = false): void => route(`/check-in/${id}/${next}`, instead);
  const post = async (answering: Answering, state: "draft" | "complete"): Promise<string> => {
    const sending = { patient: patient.id, form, answering, askedBy: sitting?.id ?? null, state };
    const sent = await postCheckIn(state === "complete" ? { ...sending, draftOf: draftName } : sending);
    if (state === "draft") now.change(sent);
    return sent.command;
  };
  return <OnePage patient={patient} form={form} sitting={sitting} now={now} goTo={goTo} post={post} step={step} />;
}

function isStep(form: Questionnaire, answering: Answering, step: string, isDone: boolean): boolean {
  if (step === "done") return isDone;
  if (step === "safe") return asksSafety(form, answering.answers);
  if (step === "check") return Object.keys(answering.answers).length > 0;
  const item = step.replace(/^(q|help)-/, "");
  return askedItems(form, answering.answers).some((one) => one.id === item);
}

function OnePage(props: PageOfProps & { step: string }): JSX.Element {
  const { step } = props;
  if (step === "done") return <DonePage {...props} />;
  if (step === "safe") return <SafePage {...props} />;
  if (step === "check") {
    // Somebody who came here past the question about safety is asked it first.
    const { answers, safeNow } = props.now.answering;
    const isOpen = asksSafety(props.form, answers) && safeNow === null;
    return isOpen ? <SafePage {...props} /> : <CheckAnswers {...props} />;
  }
  const item = props.form.items.find((one) => `q-${one.id}` === step || `help-${one.id}` === step);
  if (!item) return <CheckAnswers {...props} />;
  if (step.startsWith("help-")) return <RedPage key={step} {...props} item={item} />;
  return <QuestionPage key={step} {...props} item={item} />;
}
