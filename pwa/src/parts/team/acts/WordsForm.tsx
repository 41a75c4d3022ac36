// Words and nothing else: a note for colleagues, a message to the person, or why a rule is wrong for them.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Row } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { SendButton, StepFrame, WordsArea, type StepProps } from "./StepFrame";

type Verb = "message" | "note" | "wrong";

interface Wrong {
  row: Row;
  open: { patient: string; code: string } | null;
}

export function WordsForm(props: StepProps & { verb: Verb; onLimit: () => void }): JSX.Element {
  const { row, actions, verb, onBack } = props;
  const [words, setWords] = useState("");
  const [error, setError] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    const said = words.trim();
    if (!said) {
      setError(t("words.missing"));
      return;
    }
    setError(null);
    if (verb === "note") {
      if (await actions.run(row, "note", { note: said }, t("words.noteDone"))) onBack();
    } else if (verb === "message") {
      if (await actions.run(row, "message", { words: said }, t("words.messageDone"))) onBack();
    } else {
      const answer = await actions.run<Wrong>(row, "wrong-rule", { why: said }, t("words.wrongDone"));
      if (answer?.open) props.onLimit();
      else if (answer) setError(t("words.wrongNoLimit"));
    }
  };
  const hint = { message: t("words.messageHint"), note: undefined, wrong: t("words.wrongHint") }[verb];
  return (
    <StepFrame
      title={t(`act.${verb}`)}
      hint={hint}
      error={error}
      onBack={onBack}
      onSubmit={() => void send()}
    >
      <WordsArea id={`words-${verb}`} label={t(`words.${verb}`)} rows={3} value={words} onInput={setWords} />
      <SendButton words={t(`words.${verb}Do`)} busy={actions.busy !== null} />
    </StepFrame>
  );
}
