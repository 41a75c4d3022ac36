// What can be done with a card, always in view: each deed opens its own short form in the same place.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Row } from "../../core/deskTypes";
import { telephone } from "../../core/format";
import { t } from "../../core/words";
import { CloseForm } from "./acts/CloseForm";
import { ContactForm } from "./acts/ContactForm";
import { HandForm } from "./acts/HandForm";
import { LaterForm } from "./acts/LaterForm";
import { LimitForm } from "./acts/LimitForm";
import { WordsForm } from "./acts/WordsForm";
import { DeviceTold, ResponderForm } from "./Responder";
import { nameWords, nextWords, isOverdue, ownerWords } from "./rowWords";
import type { Actions } from "./useActions";

export type Step =
  "close" | "contact" | "hand" | "limit" | "message" | "note" | "recheck" | "responder" | "snooze" | "wrong";

export interface AlertActionsProps {
  row: Row;
  gone: boolean;
  now: Date;
  actions: Actions;
}

export function AlertActions(props: AlertActionsProps): JSX.Element {
  const { actions, now } = props;
  const row = actions.newest(props.row);
  const [step, setStep] = useState<Step | null>(null);
  const isOver = props.gone || row.state === "closed";
  return (
    <section class="al-actions" aria-label={t("act.all")}>
      {!step && <Stands row={row} isOver={isOver} now={now} />}
      <DeviceTold row={row} now={now} />
      {step ? (
        <StepForm step={step} row={row} now={now} actions={actions} onStep={setStep} />
      ) : (
        <Buttons row={row} isOver={isOver} actions={actions} onStep={setStep} />
      )}
      {isOver && row.follow_up && <FollowUp row={row} />}
      <NoticeLine id={row.id} actions={actions} />
    </section>
  );
}

function Stands(props: { row: Row; isOver: boolean; now: Date }): JSX.Element {
  const { row, isOver, now } = props;
  const next = isOver ? null : row.next_action;
  return (
    <p class="al-actions__owner">
      {isOver ? t("row.closed") : ownerWords(row, now)}
      {next && (
        <span class={`al-actions__next${isOverdue(next, now) ? " al-actions__next--over" : ""}`}>
          {t("next.next", { words: nextWords(next, now) })}
        </span>
      )}
    </p>
  );
}

function StepForm(props: {
  step: Step;
  row: Row;
  now: Date;
  actions: Actions;
  onStep: (step: Step | null) => void;
}): JSX.Element {
  const { step, row, now, actions } = props;
  const shared = { row, now, actions, onBack: () => props.onStep(null) };
  switch (step) {
    case "close":
      return <CloseForm {...shared} />;
    case "contact":
      return <ContactForm {...shared} />;
    case "hand":
      return <HandForm {...shared} />;
    case "limit":
      return <LimitForm {...shared} />;
    case "recheck":
    case "snooze":
      return <LaterForm key={step} {...shared} verb={step} />;
    case "responder":
      return <ResponderForm {...shared} />;
    default:
      return <WordsForm key={step} {...shared} verb={step} onLimit={() => props.onStep("limit")} />;
  }
}

/** What came of the last tap on this card, said aloud by screen readers. */
export function NoticeLine(props: { id: string; actions: Actions }): JSX.Element {
  const { notice } = props.actions;
  return (
    <div class="al-row__notice" role="status">
      {notice?.id === props.id && (
        <p class={`al-notice${notice.isProblem ? " al-notice--problem" : ""}`}>{notice.words}</p>
      )}
    </div>
  );
}

export function ClaimButton(props: { row: Row; actions: Actions; compact?: boolean }): JSX.Element {
  const { row, actions } = props;
  return (
    <button
      class="al-button al-row__claim"
      type="button"
      aria-disabled={actions.busy !== null}
      aria-label={t("act.claimLong", { who: nameWords(row), why: row.title })}
      onClick={() => actions.claim(row)}
    >
      {t(actions.busy === row.id ? "act.claiming" : "act.claim")}
    </button>
  );
}

interface ButtonsProps {
  row: Row;
  isOver: boolean;
  actions: Actions;
  onStep: (step: Step) => void;
}

function Buttons(props: ButtonsProps): JSX.Element | null {
  const { row, isOver, actions, onStep } = props;
  const [more, setMore] = useState(false);
  if (isOver && !row.recheck) return null;
  if (isOver) return <RecheckDone row={row} actions={actions} />;
  return (
    <div class={`al-actions__buttons${more ? " al-actions__buttons--more" : ""}`}>
      <TakeButton row={row} actions={actions} />
      {row.patient?.phone && (
        <a class="al-button" href={telephone(row.patient.phone)} onClick={() => onStep("contact")}>
          {t("act.call")}
        </a>
      )}
      <StepButton step="contact" onStep={onStep} />
      {row.kind === "alarm" && (
        <button class="al-button al-button--quiet" type="button" onClick={() => onStep("responder")}>
          {t("responder.open")}
        </button>
      )}
      <StepButton step="close" onStep={onStep} />
      <button
        class="al-button al-button--quiet al-actions__more"
        type="button"
        aria-expanded={more}
        onClick={() => setMore(!more)}
      >
        {t(more ? "act.less" : "act.more")}
      </button>
      <Rest {...props} />
    </div>
  );
}

function Rest(props: ButtonsProps): JSX.Element {
  const { row, actions, onStep } = props;
  return (
    <div class="al-actions__rest">
      {row.patient && <StepButton step="message" onStep={onStep} />}
      <StepButton step="note" onStep={onStep} />
      <StepButton step="recheck" onStep={onStep} />
      {row.recheck && <RecheckDone row={row} actions={actions} />}
      {row.level !== "emergency" && <StepButton step="snooze" onStep={onStep} />}
      {row.patient && <StepButton step="limit" onStep={onStep} />}
      <StepButton step="wrong" onStep={onStep} />
      <StepButton step="hand" onStep={onStep} />
    </div>
  );
}

/** Accept what is handed to me, claim what nobody has (or what is new on mine), or take over, which is logged. */
function TakeButton(props: { row: Row; actions: Actions }): JSX.Element | null {
  const { row, actions } = props;
  if (row.handover?.to_me)
    return (
      <button
        class="al-button"
        type="button"
        aria-disabled={actions.busy !== null}
        onClick={() => void actions.run(row, "accept", {}, t("act.accepted"))}
      >
        {t("act.accept")}
      </button>
    );
  if (row.state === "open") return <ClaimButton row={row} actions={actions} />;
  if (row.owner?.me !== false) return null;
  return (
    <button
      class="al-button al-button--quiet"
      type="button"
      aria-disabled={actions.busy !== null}
      onClick={() => void actions.run(row, "claim", { take_over: true }, t("act.tookOver"))}
    >
      {t("act.takeOver")}
    </button>
  );
}

function StepButton(props: { step: Exclude<Step, "responder">; onStep: (step: Step) => void }): JSX.Element {
  return (
    <button class="al-button al-button--quiet" type="button" onClick={() => props.onStep(props.step)}>
      {t(`act.${props.step}`)}
    </button>
  );
}

function RecheckDone(props: { row: Row; actions: Actions }): JSX.Element {
  const { row, actions } = props;
  return (
    <button
      class="al-button al-button--quiet"
      type="button"
      aria-disabled={actions.busy !== null}
      onClick={() => void actions.run(row, "recheck/done", {}, t("act.rechecked"))}
    >
      {t("act.recheckDone")}
    </button>
  );
}

function FollowUp(props: { row: Row }): JSX.Element | null {
  const { row } = props;
  if (!row.follow_up || !row.patient) return null;
  return (
    <p class="al-notice">
      {t(`follow.${row.follow_up.do}`)} <a href={`/team/person/${row.patient.id}`}>{t("follow.open")}</a>
    </p>
  );
}
