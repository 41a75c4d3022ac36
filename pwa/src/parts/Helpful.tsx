// "Was this helpful?" where the words stand: yes, no, or a suggestion that reaches whoever owns the pathway.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { add } from "../core/outbox";
import { t } from "../core/words";
import type { FeedbackAbout } from "../core/feedbackTypes";
import { TextBox } from "./Fields";
import { useDraft } from "./useDraft";

/** `ref_`: which advice, section or result it is about. */
export interface HelpfulProps {
  patient: string;
  about: FeedbackAbout;
  ref_: string;
  /** What is asked, where "this" would not say of what. */
  title?: string;
}

type Stage = "asked" | "suggest" | "said" | "suggested" | "full";

export function Helpful(props: HelpfulProps): JSX.Element {
  const [stage, setStage] = useState<Stage>("asked");
  const title = props.title ?? t("helpful.title");
  const send = async (helpful: boolean | null, words: string): Promise<void> => {
    const { patient, about, ref_ } = props;
    const path = `/patients/${patient}/feedback`;
    const body = { about, ref: ref_, helpful, words };
    const show = { kind: "feedback", about, words };
    try {
      await add({ patient, what: "feedback", method: "POST", path, body, show });
      setStage(words ? "suggested" : "said");
    } catch {
      setStage("full");
    }
  };
  return (
    <section class="al-helpful" aria-label={title}>
      {stage === "asked" && <Asked title={title} onSay={(helpful) => void send(helpful, "")} onSuggest={() => setStage("suggest")} />}
      {stage === "suggest" && <Suggest {...props} onSend={(words) => void send(null, words)} />}
      <div role="status">
        {stage === "said" && <Said onSuggest={() => setStage("suggest")} />}
        {stage === "suggested" && <p>{t("helpful.suggested")}</p>}
        {stage === "full" && <p>{t("save.full")}</p>}
      </div>
    </section>
  );
}

interface AskedProps {
  title: string;
  onSay: (helpful: boolean) => void;
  onSuggest: () => void;
}

function Asked(props: AskedProps): JSX.Element {
  return (
    <>
      <p class="al-helpful__title">{props.title}</p>
      <div class="al-spans">
        <button class="al-span" type="button" onClick={() => props.onSay(true)}>
          {t("helpful.yes")}
        </button>
        <button class="al-span" type="button" onClick={() => props.onSay(false)}>
          {t("helpful.no")}
        </button>
        <button class="al-span" type="button" onClick={props.onSuggest}>
          {t("helpful.suggest")}
        </button>
      </div>
    </>
  );
}

function Said(props: { onSuggest: () => void }): JSX.Element {
  return (
    <>
      <p>{t("helpful.thanks")}</p>
      <button class="al-button al-button--quiet" type="button" onClick={props.onSuggest}>
        {t("helpful.suggest")}
      </button>
    </>
  );
}

function Suggest(props: HelpfulProps & { onSend: (words: string) => void }): JSX.Element {
  const { value, change, forget } = useDraft(`helpful/${props.patient}/${props.about}/${props.ref_}`, { words: "" });
  const words = value.words.trim();
  const send = (event: Event): void => {
    event.preventDefault();
    if (!words) return;
    forget();
    props.onSend(words);
  };
  return (
    <form onSubmit={send}>
      <TextBox
        id="suggestion"
        label={t("helpful.label")}
        hint={t("helpful.hint")}
        rows={4}
        maxLength={1000}
        value={value.words}
        onInput={(typed) => change({ words: typed })}
      />
      <button class="al-button" type="submit" aria-disabled={words === ""}>
        {t("helpful.send")}
      </button>
    </form>
  );
}
