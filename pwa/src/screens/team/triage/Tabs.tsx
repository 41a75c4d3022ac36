// The parts of the worklist with their counts, as buttons that say which one is on.
import type { JSX } from "preact";
import { t } from "../../../core/words";
import type { Tab } from "../../../core/worklist";
import type { Worklist } from "../../../core/types";

const TABS: readonly Tab[] = ["unclaimed", "mine", "no_cover", "all"];

export function Tabs(props: {
  tab: Tab;
  counts: Worklist["counts"];
  onChange: (tab: Tab) => void;
}): JSX.Element {
  return (
    <div class="al-tabs" role="group" aria-label={t("tab.label")}>
      {TABS.map((tab) => (
        <button
          key={tab}
          class="al-tab"
          type="button"
          aria-pressed={props.tab === tab}
          onClick={() => props.onChange(tab)}
        >
          {t(`tab.${tab}`)} <span class="al-tab__count">{props.counts[tab]}</span>
        </button>
      ))}
    </div>
  );
}
