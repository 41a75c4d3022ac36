// How far the list can be relied on: how fresh it is, who listens, whether the checks run. It never says "all well".
import type { JSX } from "preact";
import type { Worklist } from "../../../core/deskTypes";
import { clockTime, deadline } from "../../../core/format";
import { liveState } from "../../../core/live";
import { isDisconnected, type View } from "../../../core/sync";
import { t } from "../../../core/words";
import type { Tab } from "../../../core/worklist";
import { useValue } from "../../../parts/hooks";
import { statusWords } from "../../../parts/SyncStatus";

export function DeskStatus(props: { view: View<Worklist>; now: Date }): JSX.Element {
  const { view, now } = props;
  const off = isDisconnected(view);
  const list = view.body;
  return (
    <>
      <div class={`al-desk-status${off ? " al-desk-status--off" : ""}`}>
        <span role="status">{statusWords(view, now)}</span>
        {!off && <Hearing n={list?.listening ?? null} />}
        {off && <strong>{t("desk.readOnly")}</strong>}
      </div>
      <div role="alert">
        {list && !off && !list.checking && <p class="al-untrusted">{notChecking(list, now)}</p>}
      </div>
    </>
  );
}

/** Whether changes come by themselves, and how many desks would hear an emergency. */
function Hearing(props: { n: number | null }): JSX.Element {
  const { n } = props;
  const live = useValue(liveState);
  const words = live.live ? t("desk.live") : t("desk.notLive", { time: clockTime(new Date(live.since)) });
  return (
    <>
      <span>{words}</span>
      {n !== null && <span>{n === 1 && live.live ? t("desk.only") : t("desk.desks", { n })}</span>}
    </>
  );
}

function notChecking(list: Worklist, now: Date): string {
  if (!list.last_checked) return t("desk.neverChecked");
  return t("desk.notChecking", { time: deadline(new Date(list.last_checked), now) });
}

/** What an empty list means: good news only while the service answers and its checks run. */
export function noneWords(view: View<Worklist>, tab: Tab, searching: boolean, now: Date): string {
  const list = view.body;
  if (searching) return t("desk.searchNone");
  if (!list || isDisconnected(view) || !list.checking || view.at === null) return t("rows.noneNow");
  const time = deadline(new Date(view.at), now);
  if (list.counts.all === 0 || tab === "all") return t("rows.noneAt", { time });
  return t(tab === "mine" ? "rows.noneMine" : "rows.noneTab", { time });
}
