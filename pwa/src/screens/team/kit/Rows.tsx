// One row a piece of kit: what it is, who has it, when it was last heard and what is wrong, each with its age.
import type { JSX } from "preact";
import { whenWords } from "../../../core/format";
import type { KitQuestion } from "../../../core/kit";
import type { KitList, KitRow } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { Flags, StateTag } from "../../../parts/team/KitParts";
import {
  batteryWords,
  firmwareWords,
  flagWords,
  kindWords,
  lastHeardWords,
  stateWords,
  wearersWords,
} from "../../../parts/team/kitWords";

/** What is shown, in a sentence: a filter that somebody forgot must not look like all there is. */
function shownWords(asked: KitQuestion, count: number): string {
  const said = [
    asked.state ? stateWords(asked.state) : "",
    asked.flag ? flagWords(asked.flag) : "",
    asked.q ? t("kitList.matching", { q: asked.q }) : "",
  ].filter(Boolean);
  return said.length > 0 ? t("kitList.shown", { n: count, what: said.join(", ") }) : t("kitList.shownAll", { n: count });
}

export function Rows(props: {
  list: KitList;
  now: Date;
  asked: KitQuestion;
  onAsk: (next: Partial<KitQuestion>) => void;
}): JSX.Element {
  const { list, asked } = props;
  const narrowed = Boolean(asked.state || asked.flag || asked.q);
  return (
    <>
      <div class="al-kit-shown">
        <p role="status">{shownWords(asked, list.rows.length)}</p>
        {narrowed && (
          <button
            class="al-link-button"
            type="button"
            onClick={() => props.onAsk({ state: "", flag: "", q: "" })}
          >
            {t("kitList.showAll")}
          </button>
        )}
      </div>
      <ol class="al-rows al-kit-rows">
        {list.rows.map((row) => (
          <Row key={row.id} row={row} now={props.now} />
        ))}
      </ol>
    </>
  );
}

export function Row(props: { row: KitRow; now: Date }): JSX.Element {
  const { row, now } = props;
  return (
    <li class="al-kit-row" data-kit={row.device_id}>
      <div class="al-kit-row__what">
        <a class="al-kit-row__name" href={`/team/kit/${row.id}`}>
          {kindWords(row.kind)} <span class="al-kit-row__id">{row.device_id}</span>
        </a>
        <p class="al-quiet">
          {[row.model, row.batch ? t("kitList.batch", { batch: row.batch }) : null].filter(Boolean).join(" · ") ||
            t("kitList.noModel")}
        </p>
      </div>
      <div class="al-kit-row__who">
        <StateTag state={row.state} />
        <p>{wearersWords(row)}</p>
      </div>
      <ul class="al-kit-row__facts">
        <li>{lastHeardWords(row, now)}</li>
        <li>{batteryWords(row, now)}</li>
        <li>{firmwareWords(row)}</li>
        {row.is_telecare && <li>{testWords(row, now)}</li>}
      </ul>
      <Flags flags={row.flags} />
    </li>
  );
}

function testWords(row: KitRow, now: Date): string {
  return row.last_full_test_at
    ? t("kitList.tested", { when: whenWords(new Date(row.last_full_test_at), now) })
    : t("kitList.neverTested");
}
