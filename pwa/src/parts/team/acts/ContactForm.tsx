// A contact or a try, written down in one tap after the call; only speaking to the person ends the ladder.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { HOW, RESULTS, WHOM, type Row, type Whom } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { CheckField, SelectField } from "../Field";
import { nextWords } from "../rowWords";
import { StepFrame, WordsArea, type StepProps } from "./StepFrame";

type Result = (typeof RESULTS)[number];

interface Said {
  to: Whom;
  how: (typeof HOW)[number];
  note: string;
  isBeside: boolean;
}

function first(row: Row): Said {
  const to = row.next_action?.suggest ?? "person";
  return { to, how: to === "welfare-check" ? "visit" : "call", note: "", isBeside: false };
}

export function ContactForm(props: StepProps): JSX.Element {
  const { row, now, actions, onBack } = props;
  const [said, setSaid] = useState<Said>(() => first(row));
  const send = async (result: Result): Promise<void> => {
    const body = {
      to: said.to,
      how: said.how,
      result,
      note: said.note.trim() || null,
      with_person: said.to === "person" || said.isBeside,
    };
    const done = (answer: Row): string =>
      answer.contacted_at
        ? t("contact.ended")
        : [
            t("contact.saved"),
            answer.next_action ? t("next.next", { words: nextWords(answer.next_action, now) }) : "",
          ].join(" ");
    if (await actions.run(row, "contact", body, done)) onBack();
  };
  return (
    <StepFrame title={t("act.contact")} hint={t("contact.hint")} onBack={onBack}>
      <WhomAndHow said={said} onChange={setSaid} />
      <WordsArea
        id="contact-note"
        label={t("contact.note")}
        value={said.note}
        onInput={(note) => setSaid({ ...said, note })}
      />
      <Results busy={actions.busy !== null} onSend={(result) => void send(result)} />
    </StepFrame>
  );
}

function WhomAndHow(props: { said: Said; onChange: (said: Said) => void }): JSX.Element {
  const { said, onChange } = props;
  return (
    <>
      <div class="al-close__pair">
        <SelectField
          id="contact-to"
          label={t("contact.title")}
          value={said.to}
          choices={WHOM.map((one) => ({ value: one, words: t(`whom.${one}`) }))}
          onInput={(to) => onChange({ ...said, to: to as Whom })}
        />
        <SelectField
          id="contact-how"
          label={t("contact.how")}
          value={said.how}
          choices={HOW.map((one) => ({ value: one, words: t(`how.${one}`) }))}
          onInput={(how) => onChange({ ...said, how: how as Said["how"] })}
        />
      </div>
      {said.to !== "person" && (
        <CheckField
          id="contact-with"
          label={t("contact.with")}
          checked={said.isBeside}
          onInput={(isBeside) => onChange({ ...said, isBeside })}
        />
      )}
    </>
  );
}

function Results(props: { busy: boolean; onSend: (result: Result) => void }): JSX.Element {
  return (
    <>
      <p class="al-close__legend" id="contact-result">
        {t("contact.result")}
      </p>
      <div class="al-actions__buttons" role="group" aria-labelledby="contact-result">
        {RESULTS.map((result) => (
          <button
            key={result}
            class={`al-button${result === "reached" ? "" : " al-button--quiet"}`}
            type="button"
            aria-disabled={props.busy}
            onClick={() => props.onSend(result)}
          >
            {t(`result.${result}`)}
          </button>
        ))}
      </div>
    </>
  );
}
