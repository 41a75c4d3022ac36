// Ending a wait without an answer: a reason is asked, because the person reads it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Thread } from "../../../core/inbox";
import { t } from "../../../core/words";
import { ErrorSummary, FieldErrorMessage } from "../../../parts/ErrorSummary";
import { useChange } from "../../../parts/team/useChange";

const WHY = "why";

export function NoReply(props: { thread: Thread; path: string }): JSX.Element {
  const { thread, path } = props;
  const [why, setWhy] = useState("");
  const change = useChange([WHY]);
  const error = change.errors.find((one) => one.field === WHY)?.words ?? null;
  const send = async (): Promise<void> => {
    const seen = thread.messages.at(-1)?.id ?? "";
    if (!why.trim()) {
      change.fail([{ field: WHY, words: t("thread.whyEmpty") }]);
      return;
    }
    await change.send({ path: `${path}/no-reply-needed`, body: { why, seen }, version: thread.version });
  };
  return (
    <form
      class="al-ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <ErrorSummary errors={change.errors} />
      <label class="nhsuk-label" for={WHY}>
        {t("thread.why")}
      </label>
      <span class="nhsuk-hint" id="why-hint">
        {t("thread.whyHint")}
      </span>
      {error && <FieldErrorMessage id="why-error">{error}</FieldErrorMessage>}
      <textarea
        class="nhsuk-textarea"
        id={WHY}
        rows={2}
        maxLength={500}
        autocomplete="off"
        aria-describedby={error ? "why-hint why-error" : "why-hint"}
        value={why}
        onInput={(event) => setWhy(event.currentTarget.value)}
      />
      <button class="al-button" type="submit" aria-disabled={change.busy}>
        {t("thread.whyDo")}
      </button>
    </form>
  );
}
