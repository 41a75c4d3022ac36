// Whether anybody has what was just answered: nobody yet, or the team since then. Counted from the outbox alone.
import type { JSX } from "preact";
import { exactly } from "../../core/format";
import { receivedState } from "../../core/outbox";
import { savedState } from "../../core/saved";
import { liveState } from "../../core/live";
import { t } from "../../core/words";
import { useNow, useOutbox, useValue } from "../../parts/hooks";
import { NobodyTold } from "../../parts/ToldLine";

export function WhoKnows(props: { command: string | null }): JSX.Element {
  const now = useNow();
  useOutbox();
  useValue(receivedState);
  const live = useValue(liveState).live;
  // What even this phone could not keep will reach nobody: then only ringing helps.
  if (props.command === null) return <p class="al-error">{t("worried.lost")}</p>;
  const state = savedState(props.command);
  if (state.kind !== "received") return <NobodyTold connected={live && navigator.onLine} />;
  return (
    <p class="al-advice__told" role="status">
      <strong>{t("safe.told", { time: exactly(new Date(state.at), now) })}</strong>
    </p>
  );
}
