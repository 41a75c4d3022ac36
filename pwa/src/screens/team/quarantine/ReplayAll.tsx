// Tries again everything that the filters show, after a decoder or a binding was mended, and says how far it is.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { HeldQuestion } from "../../../core/held";
import type { HeldList, ReplayProgress } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { Progress, Trouble } from "../../../parts/team/HeldParts";
import { useHeldActions, useProgress } from "../../../parts/team/useHeldActions";

export function ReplayAll(props: { list: HeldList; asked: HeldQuestion }): JSX.Element | null {
  const { list, asked } = props;
  const { trouble, busy, send } = useHeldActions();
  const [replay, setReplay] = useState<ReplayProgress | null>(null);
  const progress = useProgress(replay);
  const counted = list.counts.filter(({ reason }) => !asked.reason || reason === asked.reason);
  const count = counted.reduce((sum, item) => sum + item.count, 0);
  const isGoing = busy || (progress !== null && progress.waiting > 0);
  const start = async (): Promise<void> => {
    const body = {
      reason: asked.reason || null,
      device: asked.device || null,
      model: asked.model || null,
    };
    setReplay((await send<ReplayProgress>("/quarantine/replays", body)) ?? null);
  };
  if (count === 0 && !progress) return null;
  return (
    <section class="al-held__replay" aria-labelledby="replay-title">
      <h2 class="al-section" id="replay-title">
        {t("replay.title")}
      </h2>
      <p>{t("replay.words")}</p>
      {count > 0 && (
        <button
          class="al-button al-button--quiet"
          type="button"
          aria-disabled={isGoing}
          onClick={() => (isGoing ? undefined : void start())}
        >
          {t("replay.all", { n: count })}
        </button>
      )}
      <Trouble words={trouble} />
      {progress && <Progress progress={progress} />}
    </section>
  );
}
