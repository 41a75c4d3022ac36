// Answering: sent at once and never queued, with what was on the screen, so that what came meanwhile still waits.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { answerWith, drafts, waitingIn, type Thread } from "../../../core/inbox";
import { t } from "../../../core/words";
import { ErrorSummary, FieldErrorMessage, type FieldError } from "../../../parts/ErrorSummary";
import { errorsOf, useChange } from "../../../parts/team/useChange";
import { NoReply } from "./NoReply";

const WORDS = "answer-words";

export function AnswerForm(props: { thread: Thread; path: string; name: string }): JSX.Element {
  const { thread, path } = props;
  const answer = useAnswer(thread, path);
  const waits = thread.reply_by !== null;
  return (
    <section aria-labelledby="answer-title">
      <h2 class="al-section" id="answer-title">
        {t(waits ? "thread.answer" : "thread.write")}
      </h2>
      <div role="status">{answer.done && <p class="al-notice">{t("thread.done")}</p>}</div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void answer.send();
        }}
      >
        <ErrorSummary errors={answer.errors} />
        <Words answer={answer} name={props.name} />
        <Private thread={thread} checked={answer.isPrivate} onChange={answer.setPrivate} />
        <button class="al-button" type="submit" aria-disabled={answer.busy}>
          {t("thread.send")}
        </button>
      </form>
      {waits && <Otherwise thread={thread} path={path} />}
    </section>
  );
}

function Words(props: { answer: Answering; name: string }): JSX.Element {
  const { answer } = props;
  const error = answer.errors.find((one) => one.field === WORDS)?.words ?? null;
  return (
    <>
      <label class="nhsuk-label" for={WORDS}>
        {t("thread.words", { name: props.name })}
      </label>
      {error && <FieldErrorMessage id="answer-error">{error}</FieldErrorMessage>}
      <textarea
        class="nhsuk-textarea"
        id={WORDS}
        rows={4}
        maxLength={4000}
        autocomplete="off"
        aria-describedby={error ? "answer-error" : undefined}
        value={answer.words}
        onInput={(event) => answer.setWords(event.currentTarget.value)}
      />
    </>
  );
}

/** To take it first, or to end the wait without an answer. */
function Otherwise(props: { thread: Thread; path: string }): JSX.Element {
  const { thread, path } = props;
  const taking = useChange();
  const [asksWhy, setAsksWhy] = useState(false);
  const take = (): void =>
    void taking.send({ path: `${path}/take`, body: undefined, version: thread.version });
  return (
    <div class="al-thread__otherwise">
      <ErrorSummary errors={taking.errors} />
      <div class="al-actions__buttons">
        {!thread.owner?.me && (
          <button
            class="al-button al-button--quiet"
            type="button"
            aria-disabled={taking.busy}
            onClick={take}
          >
            {t("thread.take")}
          </button>
        )}
        <button
          class="al-button al-button--quiet"
          type="button"
          aria-expanded={asksWhy}
          onClick={() => setAsksWhy(!asksWhy)}
        >
          {t("thread.noReplyDo")}
        </button>
      </div>
      {asksWhy && <NoReply thread={thread} path={path} />}
    </div>
  );
}

/** What answers something private is private as well, unless whoever writes says otherwise. */
function Private(props: { thread: Thread; checked: boolean; onChange: (is: boolean) => void }): JSX.Element | null {
  if (props.thread.kind !== "team" && !props.checked) return null;
  return (
    <div class="nhsuk-checkboxes al-field">
      <div class="nhsuk-checkboxes__item">
        <input
          class="nhsuk-checkboxes__input"
          id="answer-private"
          type="checkbox"
          checked={props.checked}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        <label class="nhsuk-label nhsuk-checkboxes__label" for="answer-private">
          {t("thread.privateAsk")}
        </label>
      </div>
    </div>
  );
}

interface Answering {
  words: string;
  setWords: (words: string) => void;
  isPrivate: boolean;
  setPrivate: (is: boolean) => void;
  errors: FieldError[];
  busy: boolean;
  done: boolean;
  send: () => Promise<void>;
}

function useAnswer(thread: Thread, path: string): Answering {
  const [words, setWords] = useState(drafts.get(path) ?? "");
  const [chosen, setChosen] = useState<boolean | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  // One id for one answer: sent again after a lost reply, it is stored once.
  const id = useRef(crypto.randomUUID());
  const isPrivate = chosen ?? waitingIn(thread).some((one) => one.private);
  const seen = thread.messages.at(-1)?.id ?? null;
  const type = (next: string): void => {
    drafts.set(path, next);
    setDone(false);
    // Other words are another message, also when the first may have arrived.
    if (next !== words) id.current = crypto.randomUUID();
    setWords(next);
  };
  const send = async (): Promise<void> => {
    if (busy) return;
    if (!words.trim()) {
      setErrors([{ field: WORDS, words: t("thread.empty") }]);
      return;
    }
    setBusy(true);
    setErrors([]);
    const sent = await answerWith(path, id.current, { words, private: isPrivate, seen });
    setBusy(false);
    if (sent.kind === "refused") {
      setErrors(errorsOf(sent.error, []));
      return;
    }
    id.current = crypto.randomUUID();
    drafts.delete(path);
    setWords("");
    setChosen(null);
    setDone(true);
  };
  return { words, setWords: type, isPrivate, setPrivate: setChosen, errors, busy, done, send };
}
