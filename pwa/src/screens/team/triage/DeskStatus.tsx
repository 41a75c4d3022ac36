// How fresh the list is and how many desks are listening, in one line that never says "all well".
import type { JSX } from "preact";
import { clockTime } from "../../../core/format";
import { liveState } from "../../../core/live";
import { isDisconnected, type View } from "../../../core/sync";
import { t } from "../../../core/words";
import type { Worklist } from "../../../core/types";
import { useValue } from "../../../parts/hooks";
import { statusWords } from "../../../parts/SyncStatus";

export function DeskStatus(props: { view: View<Worklist>; now: Date }): JSX.Element {
  const { view, now } = props;
  const live = useValue(liveState);
  const off = isDisconnected(view);
  return (
    <div class={`al-desk-status${off ? " al-desk-status--off" : ""}`}>
      <span role="status">{statusWords(view, now)}</span>
      {!off && (
        <span>
          {live.live ? t("desk.live") : t("desk.notLive", { time: clockTime(new Date(live.since)) })}
        </span>
      )}
      {view.body && !off && <span>{t("desk.desks", { n: view.body.desks })}</span>}
      {off && <strong>{t("desk.readOnly")}</strong>}
    </div>
  );
}
