// Closing in two taps: the outcome, then a note or none. What is red is asked once more.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { OUTCOMES, type Outcome } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { CheckField, TextField } from "../Field";
import { SendButton, StepFrame, WordsArea, type StepProps } from "./StepFrame";

interface Ending {
  note: string;
  passedTo: string;
  isAccepted: boolean;
}

const NOTHING: Ending = { note: "", passedTo: "", isAccepted: false };

export function CloseForm(props: StepProps): JSX.Element {
  const { row, actions, onBack } = props;
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [ending, setEnding] = useState<Ending>(NOTHING);
  const [asks, setAsks] = useState(false);
  const send = async (said: Ending, confirm: boolean): Promise<void> => {
    setEnding(said);
    if (row.red && !confirm) {
      setAsks(true);
      return;
    }
    const body = {
      outcome,
      note: said.note.trim() || null,
      ...(outcome === "passed-on" && { passed_to: said.passedTo.trim(), accepted: said.isAccepted }),
      ...(confirm && { confirm }),
    };
    if (await actions.run(row, "close", body, t("act.closed"))) onBack();
    else setAsks(false);
  };
  if (outcome === null) return <Outcomes onBack={onBack} onChoose={setOutcome} />;
  if (asks)
    return (
      <StepFrame
        title={t("closing.confirm")}
        onBack={() => setAsks(false)}
        onSubmit={() => void send(ending, true)}
      >
        <SendButton words={t("closing.yes")} busy={actions.busy !== null} />
      </StepFrame>
    );
  const open = row.findings.filter((finding) => finding.state !== "closed").length;
  return (
    <NoteStep
      outcome={outcome}
      findings={open}
      busy={actions.busy !== null}
      onBack={() => setOutcome(null)}
      onClose={(said) => void send(said, false)}
    />
  );
}

function Outcomes(props: { onBack: () => void; onChoose: (outcome: Outcome) => void }): JSX.Element {
  return (
    <StepFrame title={t("close.what")} onBack={props.onBack}>
      <div class="al-close__outcomes">
        {OUTCOMES.map((code) => (
          <button
            key={code}
            class="al-button al-button--quiet"
            type="button"
            onClick={() => props.onChoose(code)}
          >
            {t(`outcome.${code}`)}
          </button>
        ))}
      </div>
    </StepFrame>
  );
}

/** What the outcome still lacks, in words; null when it can be sent. */
export function lacks(outcome: Outcome, said: Ending): string | null {
  if (outcome === "passed-on" && !(said.passedTo.trim() && said.isAccepted)) return t("closing.needs");
  return outcome === "wrong-alert" && !said.note.trim() ? t("closing.needsNote") : null;
}

function NoteStep(props: {
  outcome: Outcome;
  findings: number;
  busy: boolean;
  onBack: () => void;
  onClose: (said: Ending) => void;
}): JSX.Element {
  const { outcome, busy } = props;
  const [said, setSaid] = useState<Ending>(NOTHING);
  const [error, setError] = useState<string | null>(null);
  const close = (ending: Ending): void => {
    const lack = lacks(outcome, ending);
    setError(lack);
    if (!lack) props.onClose(ending);
  };
  return (
    <StepFrame
      title={t("close.with", { outcome: t(`outcome.${outcome}`) })}
      hint={props.findings > 1 ? t("closing.all", { n: props.findings }) : undefined}
      error={error}
      onBack={props.onBack}
      onSubmit={() => close(said)}
    >
      {outcome === "passed-on" && <PassedOn said={said} onChange={setSaid} />}
      {outcome !== "wrong-alert" && (
        <button
          class="al-button"
          type="button"
          aria-disabled={busy}
          onClick={() => close({ ...said, note: "" })}
        >
          {t("close.noNote")}
        </button>
      )}
      <WordsArea
        id="close-note"
        label={t(outcome === "wrong-alert" ? "closing.needsNote" : "close.note")}
        value={said.note}
        onInput={(note) => setSaid({ ...said, note })}
      />
      <SendButton words={t("close.withNote")} busy={busy} quiet={outcome !== "wrong-alert"} />
    </StepFrame>
  );
}

function PassedOn(props: { said: Ending; onChange: (said: Ending) => void }): JSX.Element {
  const { said, onChange } = props;
  return (
    <>
      <TextField
        id="close-passed"
        label={t("closing.passedTo")}
        value={said.passedTo}
        onInput={(passedTo) => onChange({ ...said, passedTo })}
      />
      <CheckField
        id="close-accepted"
        label={t("closing.accepted")}
        checked={said.isAccepted}
        onInput={(isAccepted) => onChange({ ...said, isAccepted })}
      />
    </>
  );
}
