// What would go and what that changes, before anything goes; then the reason and the one button.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { exactly } from "../../../core/format";
import type { Correction } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { TextField } from "../../../parts/team/Field";
import { Changes, SHORTEST_REASON, Trouble } from "../../../parts/team/HeldParts";
import { useHeldActions } from "../../../parts/team/useHeldActions";
import type { Looked } from "./screen";

export function Preview(props: { looked: Looked; now: Date; onDone: () => void }): JSX.Element {
  const { looked, now } = props;
  const { preview, difference } = looked;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section class="al-held__replay" aria-labelledby="preview-title">
      <h2 class="al-section" id="preview-title" ref={title} tabIndex={-1}>
        {t("void.would", { n: preview.messages })}
      </h2>
      {preview.elsewhere > 0 && <p>{t("void.elsewhere", { n: preview.elsewhere })}</p>}
      {preview.messages > 0 && (
        <>
          <ul class="nhsuk-list">
            {preview.people.map((person) => (
              <li key={person.id} class="al-kit__item">
                <a href={`/team/person/${person.id}`}>{person.display_name}</a>
                <br />
                <span class="al-quiet">
                  {t("void.person", {
                    n: person.messages,
                    first: exactly(new Date(person.first_at), now),
                    last: exactly(new Date(person.last_at), now),
                  })}
                </span>
              </li>
            ))}
          </ul>
          <Changes difference={difference} now={now} before />
          <Confirm looked={looked} onDone={props.onDone} />
        </>
      )}
    </section>
  );
}

function Confirm(props: { looked: Looked; onDone: () => void }): JSX.Element {
  const { period, preview } = props.looked;
  const { trouble, busy, send } = useHeldActions();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const isShort = reason.trim().length < SHORTEST_REASON;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isShort) return document.getElementById("void-why")?.focus();
    const body = { ...period, reason: reason.trim(), messages: preview.messages };
    if (await send<Correction>("/quarantine/voids", body)) props.onDone();
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        id="void-why"
        label={t("void.why")}
        value={reason}
        maxLength={500}
        error={tried && isShort ? t("held.reasonShort") : null}
        onInput={setReason}
      />
      <Trouble words={trouble} />
      <button class="al-button" type="submit" aria-disabled={busy}>
        {t("void.do", { n: preview.messages })}
      </button>
    </form>
  );
}
