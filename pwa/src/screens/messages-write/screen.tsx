// Writing a message: kept while it is typed, and when its words may mean danger, 999 and 111 come before sending.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { dangerIn } from "../../core/danger";
import { writeMessage } from "../../core/threadPending";
import { t } from "../../core/words";
import { CallFirst } from "../../parts/CallFirst";
import { Dial } from "../../parts/Dial";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Switch, TextBox } from "../../parts/Fields";
import { ThreadPage, type ThreadShown } from "../../parts/messages/ThreadPage";
import { Watch } from "../../parts/messages/Watch";
import { failureWords } from "../../parts/plan/useSaving";
import { useHelpFacts } from "../../parts/useHelpFacts";
import { useDraft } from "../../parts/useDraft";

export const address = "/messages/:thread/write";
export const nav = "messages";
export const example = "/messages/team/write";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const kind = params["thread"] ?? "";
  return (
    <ThreadPage
      key={kind}
      title={(shown) => (shown ? t("messages.to", { name: shown.thread.name }) : t("messages.write"))}
      back={{ href: `/messages/${kind}`, words: t("messages.back") }}
    >
      {(shown) => <Form shown={shown} />}
    </ThreadPage>
  );
}

function Form(props: { shown: ThreadShown }): JSX.Element {
  const { thread, threads, patient, now } = props.shown;
  const name = `${patient.id}/messages/${thread.kind}`;
  const { value, change, forget, isKept } = useDraft(name, { words: "", private: false });
  const { route } = useLocation();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [isWarned, setWarned] = useState(false);
  const [busy, setBusy] = useState(false);
  const words = value.words.trim();
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      await writeMessage(patient.id, thread.kind, { words, private: value.private }, { draftOf: name });
      forget();
      route(`/messages/${thread.kind}`);
    } catch (cause) {
      setBusy(false);
      setErrors([{ field: null, words: failureWords(cause) }]);
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setErrors(words ? [] : [{ field: "words", words: t("messages.noWords") }]);
    if (!words || busy) return;
    if (dangerIn(words, threads.danger).length > 0) setWarned(true);
    else void send();
  };
  if (isWarned) return <Danger busy={busy} onSend={() => void send()} onBack={() => setWarned(false)} />;
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      <Watch thread={thread} now={now} />
      {isKept && <p class="al-quiet">{t("edit.kept")}</p>}
      <TextBox id="words" label={t("messages.label")} rows={6} value={value.words} errors={errors}
        onInput={(typed) => change({ ...value, words: typed })} />
      {patient.relation === "self" && (
        <Switch label={t("edit.onlyMe")} hint={t("messages.privateHint")} on={value.private}
          onChange={(on) => change({ ...value, private: on })} />
      )}
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("messages.send")}
      </button>
    </form>
  );
}

/** Nothing is lost by reading this: the words stay, and can still be sent. */
function Danger(props: { busy: boolean; onSend: () => void; onBack: () => void }): JSX.Element {
  const { team, line, known } = useHelpFacts();
  return (
    <section class="al-care al-care--emergency">
      <div role="alert">
        <h2 class="al-care__title">{t("danger.title")}</h2>
      </div>
      <div class="al-care__words">
        <p>{t("danger.words")}</p>
        {known && <CallFirst level="emergency" team={team} line={line} />}
        {known && !line && <Dial number="111" words={t("help.111.call")} quiet />}
        <p class="al-after">{t("danger.notRead")}</p>
        <p class="al-card__ways">
          <button class="al-button al-button--quiet" type="button" aria-disabled={props.busy} onClick={props.onSend}>
            {t("danger.send")}
          </button>
          <button class="al-link-button" type="button" onClick={props.onBack}>
            {t("danger.back")}
          </button>
        </p>
      </div>
    </section>
  );
}
