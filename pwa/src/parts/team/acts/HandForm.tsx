// Gives one card to a colleague or the team; whoever gives it has it until it is accepted.
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { colleagues, giveCards } from "../../../core/desk";
import { t } from "../../../core/words";
import { useResource } from "../../hooks";
import { SelectField } from "../Field";
import { SendButton, StepFrame, WordsArea, type StepProps } from "./StepFrame";

export function HandForm(props: StepProps): JSX.Element {
  const { row, onBack } = props;
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const send = async (): Promise<void> => {
    if (busy) return;
    if (!to) {
      setError(t("handover.noOne"));
      return;
    }
    setBusy(true);
    const answer = await giveCards({ to, note: note.trim(), cards: [row], key: key.current });
    setBusy(false);
    if (answer.kind === "refused") setError(answer.words ?? t("act.notSent"));
    else if (answer.made.refused.length > 0) setError(t("act.changed"));
    else setDone(true);
  };
  if (isDone)
    return (
      <StepFrame title={t("handover.offered")} onBack={onBack}>
        <span />
      </StepFrame>
    );
  return (
    <StepFrame title={t("act.hand")} error={error} onBack={onBack} onSubmit={() => void send()}>
      <TakerField value={to} onInput={setTo} />
      <WordsArea id="hand-note" label={t("handover.note")} value={note} onInput={setNote} />
      <SendButton words={t("handover.do", { n: 1 })} busy={busy} />
    </StepFrame>
  );
}

/** Who may be given a card: everybody on a desk of one's teams, or whoever of the team is first. */
export function TakerField(props: {
  value: string;
  error?: string | null;
  onInput: (value: string) => void;
}): JSX.Element {
  const view = useResource(useMemo(colleagues, []));
  const others = (view.body?.colleagues ?? []).filter((one) => !one.me);
  return (
    <SelectField
      id="hand-to"
      label={t("handover.to")}
      value={props.value}
      error={props.error ?? null}
      choices={[
        { value: "", words: t("handover.choose") },
        { value: "team", words: t("handover.team") },
        ...others.map((one) => ({ value: one.id, words: one.name })),
      ]}
      onInput={props.onInput}
    />
  );
}
