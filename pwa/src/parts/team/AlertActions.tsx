// What can be done with an alert: call, claim, and close in two taps (the outcome, then a note or none).
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { deadline, telephone } from "../../core/format";
import { t } from "../../core/words";
import { OUTCOMES, type Outcome, type Row } from "../../core/types";
import { nameWords } from "./rowWords";
import { DeviceTold, ResponderForm } from "./Responder";
import type { Actions } from "./useActions";

export interface AlertActionsProps {
  row: Row;
  gone: boolean;
  now: Date;
  actions: Actions;
}

export function AlertActions(props: AlertActionsProps): JSX.Element {
  const { row, gone, actions } = props;
  const [step, setStep] = useState<"close" | "responder" | null>(null);
  const isOver = gone || row.state === "closed";
  const back = (): void => setStep(null);
  return (
    <div class="al-actions">
      <p class="al-actions__owner">{ownerWords(row, isOver, props.now)}</p>
      <DeviceTold row={row} now={props.now} />
      {!isOver && !step && <Buttons row={row} actions={actions} onStep={setStep} />}
      {!isOver && step === "close" && <CloseForm row={row} actions={actions} onBack={back} />}
      {!isOver && step === "responder" && <ResponderForm row={row} actions={actions} onBack={back} />}
      <NoticeLine id={row.id} actions={actions} />
    </div>
  );
}

/** What came of the last tap on this alert, said aloud by screen readers. */
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

export function ClaimButton(props: { row: Row; actions: Actions }): JSX.Element {
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

function Buttons(props: {
  row: Row;
  actions: Actions;
  onStep: (step: "close" | "responder") => void;
}): JSX.Element {
  const { row, actions, onStep } = props;
  return (
    <div class="al-actions__buttons">
      {row.patient && (
        <a class="al-button" href={telephone(row.patient.phone)}>
          {t("act.call")}
        </a>
      )}
      {row.state === "open" && <ClaimButton row={row} actions={actions} />}
      {row.kind === "alarm" && (
        <button class="al-button al-button--quiet" type="button" onClick={() => onStep("responder")}>
          {t("responder.open")}
        </button>
      )}
      <button class="al-button al-button--quiet" type="button" onClick={() => onStep("close")}>
        {t("act.close")}
      </button>
    </div>
  );
}

function ownerWords(row: Row, isOver: boolean, now: Date): string {
  if (isOver) return t("row.closed");
  if (!row.owner)
    return row.contact_by
      ? t("act.nobodyBy", { time: deadline(new Date(row.contact_by), now) })
      : t("row.nobody");
  return row.owner.me ? t("row.mine") : t("row.has", { name: row.owner.name });
}

function CloseForm(props: { row: Row; actions: Actions; onBack: () => void }): JSX.Element {
  const { row, actions } = props;
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  return (
    <div class="al-close">
      {outcome === null ? (
        <fieldset class="al-close__step">
          <legend class="al-close__legend">{t("close.what")}</legend>
          <div class="al-close__outcomes">
            {OUTCOMES.map((code) => (
              <button
                key={code}
                class="al-button al-button--quiet al-button--small"
                type="button"
                onClick={() => setOutcome(code)}
              >
                {t(`outcome.${code}`)}
              </button>
            ))}
          </div>
        </fieldset>
      ) : (
        <NoteStep
          outcome={outcome}
          busy={actions.busy !== null}
          onClose={(note) => actions.close(row, outcome, note)}
        />
      )}
      <button
        class="al-link-button"
        type="button"
        onClick={() => (outcome === null ? props.onBack() : setOutcome(null))}
      >
        {t("close.back")}
      </button>
    </div>
  );
}

function NoteStep(props: {
  outcome: Outcome;
  busy: boolean;
  onClose: (note: string | null) => void;
}): JSX.Element {
  const [note, setNote] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <div class="al-close__step">
      <p class="al-close__legend">{t("close.with", { outcome: t(`outcome.${props.outcome}`) })}</p>
      <button class="al-button" type="button" aria-disabled={props.busy} onClick={() => props.onClose(null)}>
        {t("close.noNote")}
      </button>
      <label class="nhsuk-label" for="close-note">
        {t("close.note")}
      </label>
      <textarea
        class="nhsuk-textarea"
        id="close-note"
        ref={field}
        rows={3}
        maxLength={2000}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <button
        class="al-button al-button--quiet"
        type="button"
        aria-disabled={props.busy}
        onClick={() => (note.trim() ? props.onClose(note.trim()) : field.current?.focus())}
      >
        {t("close.withNote")}
      </button>
    </div>
  );
}
