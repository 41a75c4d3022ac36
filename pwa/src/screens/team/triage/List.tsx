// The worklist's rows in their lanes: what is red first and alone, then who has no cover, then what can wait.
import type { JSX } from "preact";
import type { Row } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { laneOf, type Lane } from "../../../core/worklist";
import type { Actions } from "../../../parts/team/useActions";
import { OneRow } from "./OneRow";

export interface ListProps {
  rows: Row[];
  gone: ReadonlySet<string>;
  now: Date;
  /** What an empty list means now. */
  none: string;
  chosen: string | null;
  onOpen: (row: Row) => void;
  actions: Actions;
}

interface Part {
  lane: Lane;
  rows: Row[];
}

/** Rows that stand next to each other in one lane; a row that got worse under a hand starts a part of its own. */
export function partsOf(rows: readonly Row[]): Part[] {
  const parts: Part[] = [];
  for (const row of rows) {
    const lane = laneOf(row);
    const last = parts.at(-1);
    if (last?.lane === lane) last.rows.push(row);
    else parts.push({ lane, rows: [row] });
  }
  return parts;
}

export function List(props: ListProps): JSX.Element {
  const { rows } = props;
  if (rows.length === 0) return <p class="al-rows__none">{props.none}</p>;
  return (
    <div class="al-rows">
      {partsOf(rows).map((part) => (
        <section key={`${part.lane} ${part.rows[0]?.id ?? ""}`} class="al-lane">
          <h2 class={`al-lane__title al-lane__title--${part.lane}`}>
            {t(`lane.${part.lane}`)} <span class="al-tab__count">{part.rows.length}</span>
          </h2>
          <ol class="al-lane__rows">
            {part.rows.map((row) => (
              <OneRow key={row.id} {...props} row={props.actions.newest(row)} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
