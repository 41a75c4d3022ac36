// The two other ways a message's wait may end: it is tried again, or it will never be used and is set aside.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { HeldMessage, ReplayProgress } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { SelectField } from "../../../parts/team/Field";
import { Progress, Trouble } from "../../../parts/team/HeldParts";
import { useHeldActions, useProgress } from "../../../parts/team/useHeldActions";

const REASONS = ["vendor-told", "kit-mended", "known-test", "not-needed"] as const;

export function TryAgain(props: { message: HeldMessage }): JSX.Element {
  const { trouble, busy, send } = useHeldActions();
  const [replay, setReplay] = useState<ReplayProgress | null>(null);
  const progress = useProgress(replay);
  const start = async (): Promise<void> => {
    if (busy) return;
    setReplay(await send<ReplayProgress>("/quarantine/replays", { ids: [props.message.id] }));
  };
  return (
    <section aria-labelledby="again-title">
      <h2 class="al-section" id="again-title">
        {t("replay.title")}
      </h2>
      <p>{t("replay.words")}</p>
      <button
        class="al-button al-button--quiet"
        type="button"
        aria-disabled={busy}
        onClick={() => void start()}
      >
        {t("replay.one")}
      </button>
      <Trouble words={trouble} />
      {progress && <Progress progress={progress} />}
    </section>
  );
}

export function SetAside(props: { message: HeldMessage }): JSX.Element {
  const { trouble, busy, send } = useHeldActions();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!reason) return document.getElementById("aside-why")?.focus();
    await send(`/quarantine/${props.message.id}/set-aside`, { reason });
  };
  const choices = [{ value: "", words: t("aside.choose") }].concat(
    REASONS.map((code) => ({ value: code, words: t(`aside.${code}`) })),
  );
  return (
    <section aria-labelledby="aside-title">
      <h2 class="al-section" id="aside-title">
        {t("aside.title")}
      </h2>
      <p>{t("aside.words")}</p>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <SelectField
          id="aside-why"
          label={t("aside.why")}
          value={reason}
          choices={choices}
          error={tried && !reason ? t("aside.missing") : null}
          onInput={setReason}
        />
        <Trouble words={trouble} />
        <button class="al-button al-button--quiet" type="submit" aria-disabled={busy}>
          {t("aside.do")}
        </button>
      </form>
    </section>
  );
}
