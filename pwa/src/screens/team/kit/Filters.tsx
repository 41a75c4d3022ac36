// How the list is narrowed: by what needs looking at, by state with its count, and by a word somebody reads off a box.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { KitList } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { flagWords, stateWords } from "../../../parts/team/kitWords";

export function Search(props: { value: string; onSearch: (q: string) => void }): JSX.Element {
  const [draft, setDraft] = useState(props.value);
  useEffect(() => setDraft(props.value), [props.value]);
  return (
    <form
      class="al-kit-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSearch(draft.trim());
      }}
    >
      <label class="nhsuk-label" for="kit-search">
        {t("kitList.search")}
      </label>
      <div class="al-kit-search__row">
        <input
          class="nhsuk-input al-input"
          id="kit-search"
          type="search"
          autocomplete="off"
          maxLength={64}
          aria-describedby="kit-search-hint"
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        <button class="al-button" type="submit">
          {t("kitList.find")}
        </button>
      </div>
      <div class="nhsuk-hint al-kit-search__hint" id="kit-search-hint">
        {t("kitList.searchHint")}
      </div>
    </form>
  );
}

interface Item {
  code: string;
  words: string;
  count: number;
}

function Chips(props: {
  label: string;
  title: string;
  isOpen: boolean;
  items: Item[];
  chosen: string;
  look?: string;
  onChange: (code: string) => void;
}): JSX.Element {
  return (
    <details class="al-kit-filter" open={props.isOpen}>
      <summary class="al-kit-filter__title">{props.title}</summary>
      <div class={`al-tabs al-kit-filter__chips${props.look ?? ""}`} role="group" aria-label={props.label}>
        {props.items.map((item) => (
          <button
            key={item.code}
            class="al-tab"
            type="button"
            aria-pressed={props.chosen === item.code}
            onClick={() => props.onChange(props.chosen === item.code ? "" : item.code)}
          >
            {item.words} <span class="al-tab__count">{item.count}</span>
          </button>
        ))}
      </div>
    </details>
  );
}

/** On a phone the choices would push the kit itself off the screen, so they wait behind their heading. */
function hasRoom(): boolean {
  return matchMedia("(min-width: 48em)").matches;
}

export function FlagFilter(props: {
  flags: KitList["flags"];
  chosen: string;
  onChange: (flag: string) => void;
}): JSX.Element {
  if (props.flags.length === 0) return <p>{t("kitList.noFlags")}</p>;
  const items = props.flags.map(({ flag, count }) => ({ code: flag, words: flagWords(flag), count }));
  return (
    <Chips
      label={t("kitList.byFlag")}
      title={
        props.chosen
          ? t("kitList.flagTitle", { flag: flagWords(props.chosen) })
          : t("kitList.flagsTitle", { n: items.length })
      }
      isOpen={hasRoom()}
      items={items}
      chosen={props.chosen}
      look=" al-kit-filter__chips--flags"
      onChange={props.onChange}
    />
  );
}

export function StateFilter(props: {
  counts: KitList["counts"];
  chosen: string;
  onChange: (state: string) => void;
}): JSX.Element {
  const all = props.counts.reduce((sum, item) => sum + item.count, 0);
  const items = props.counts
    .filter(({ state, count }) => count > 0 || state === props.chosen)
    .map(({ state, count }) => ({ code: state, words: stateWords(state), count }));
  return (
    <Chips
      label={t("kitList.byState")}
      title={t("kitList.stateTitle", { state: props.chosen ? stateWords(props.chosen) : t("kitList.all") })}
      isOpen={hasRoom()}
      items={[{ code: "", words: t("kitList.all"), count: all }, ...items]}
      chosen={props.chosen}
      onChange={props.onChange}
    />
  );
}
