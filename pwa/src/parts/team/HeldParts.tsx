// What the pages of held messages share: how far a replay is, what a correction changes, and how it is undone.
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { exactly } from "../../core/format";
import type { Correction, Difference, ReplayProgress } from "../../core/heldTypes";
import { t } from "../../core/words";
import { TextField } from "./Field";
import { useHeldActions } from "./useHeldActions";

export const SHORTEST_REASON = 3;

/** What was refused, said at once by screen readers. */
export function Trouble(props: { words: string | null }): JSX.Element | null {
  if (!props.words) return null;
  return (
    <p class="al-error" role="alert">
      {props.words}
    </p>
  );
}

export function Progress(props: { progress: ReplayProgress }): JSX.Element {
  const { progress } = props;
  const done = progress.total - progress.waiting;
  return (
    <div class="al-held__progress" role="status">
      <p>
        <strong>
          {progress.waiting > 0
            ? t("replay.going", { done, total: progress.total })
            : t("replay.done", { n: progress.total })}
        </strong>
      </p>
      {progress.waiting > 0 && <progress value={done} max={progress.total} aria-label={t("replay.bar")} />}
      {progress.stored > 0 && <p>{t("replay.stored", { n: progress.stored })}</p>}
      {progress.duplicate > 0 && <p>{t("replay.duplicate", { n: progress.duplicate })}</p>}
      {progress.reasons.map((reason) => (
        <p key={reason.reason}>{t("replay.refused", { n: reason.count, why: reason.words })}</p>
      ))}
    </div>
  );
}

export function Changes(props: { difference: Difference; now: Date; before: boolean }): JSX.Element {
  const { difference, now, before } = props;
  const isNothing =
    difference.alerts.length + difference.only_with.length + difference.only_without.length === 0;
  if (isNothing) return <p>{t("change.nothing")}</p>;
  return (
    <>
      <ChangeList
        title={t(before ? "change.alertsBefore" : "change.alerts", { n: difference.alerts.length })}
        items={difference.alerts}
        now={now}
      />
      <ChangeList
        title={t("change.onlyWith", { n: difference.only_with.length })}
        items={difference.only_with}
        now={now}
      />
      <ChangeList
        title={t("change.onlyWithout", { n: difference.only_without.length })}
        items={difference.only_without}
        now={now}
      />
    </>
  );
}

function ChangeList(props: {
  title: string;
  items: { patient: string; title: string; reason: string; true_at: string }[];
  now: Date;
}): JSX.Element | null {
  if (props.items.length === 0) return null;
  return (
    <>
      <p>
        <strong>{props.title}</strong>
      </p>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {props.items.map((item) => (
          <li key={item.patient + item.true_at + item.title}>
            <a href={`/team/person/${item.patient}`}>{item.reason}</a>,{" "}
            {exactly(new Date(item.true_at), props.now)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Undo asks why, because whoever reads the record later will. */
export function Undo(props: { correction: string; words: string; onDone?: () => void }): JSX.Element {
  const id = useId();
  const { trouble, busy, send } = useHeldActions();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [isShort, setShort] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const short = reason.trim().length < SHORTEST_REASON;
    setShort(short);
    if (short) return document.getElementById(id)?.focus();
    const done = await send(`/corrections/${props.correction}/undo`, { reason: reason.trim() });
    if (done) props.onDone?.();
  };
  if (!isOpen)
    return (
      <button class="al-button al-button--quiet" type="button" onClick={() => setOpen(true)}>
        {props.words}
      </button>
    );
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        id={id}
        label={t("undo.why")}
        value={reason}
        maxLength={500}
        error={isShort ? t("held.reasonShort") : null}
        onInput={setReason}
      />
      <Trouble words={trouble} />
      <button class="al-button" type="submit" aria-disabled={busy}>
        {t("undo.do")}
      </button>
    </form>
  );
}

export function correctionWords(one: Correction, now: Date): string {
  const said = { n: one.messages, who: one.made_by, when: exactly(new Date(one.made_at), now) };
  return t(one.kind === "void" ? "correction.void" : "correction.attribution", said);
}

export function undoneWords(one: Correction, now: Date): string | null {
  if (!one.undone_at) return null;
  return t("correction.undone", {
    who: one.undone_by ?? "",
    when: exactly(new Date(one.undone_at), now),
    why: one.undone_reason ?? "",
  });
}
