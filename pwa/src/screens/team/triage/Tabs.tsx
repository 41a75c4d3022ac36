// The parts of the worklist with their counts, as buttons that say which one is on, and the search beside them.
import type { JSX } from "preact";
import type { Worklist } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { TABS, type Tab } from "../../../core/worklist";

export const SEARCH = "desk-search";

export function Tabs(props: {
  tab: Tab;
  counts: Worklist["counts"] & { messages: number };
  onChange: (tab: Tab) => void;
}): JSX.Element {
  const { counts } = props;
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
          {t(`tab.${tab}`)} <span class="al-tab__count">{counts[tab]}</span>
        </button>
      ))}
    </div>
  );
}

/** Looks through the rows that are here; what is typed goes nowhere, because it may be a name. */
export function Search(props: { words: string; onInput: (words: string) => void }): JSX.Element {
  const { words, onInput } = props;
  return (
    <div class="al-search" role="search">
      <label class="nhsuk-u-visually-hidden" for={SEARCH}>
        {t("desk.search")}
      </label>
      <input
        class="nhsuk-input al-search__field"
        id={SEARCH}
        type="search"
        autocomplete="off"
        placeholder={t("desk.searchHint")}
        maxLength={100}
        value={words}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {words && (
        <button class="al-button al-button--quiet" type="button" onClick={() => onInput("")}>
          {t("desk.clear")}
        </button>
      )}
    </div>
  );
}
