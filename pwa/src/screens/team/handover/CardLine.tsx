// A card as one line: how bad, whose, why, and what is next; plain inside a label, else a way to the card.
import type { JSX } from "preact";
import type { Row } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { Level } from "../../../parts/Level";
import { nameWords, nextWords, rowLevel } from "../../../parts/team/rowWords";

export function CardLine(props: { row: Row; now: Date; plain?: boolean }): JSX.Element {
  const { row, now } = props;
  const words = `${nameWords(row)}: ${row.reason}`;
  return (
    <span class="al-card-line">
      <Level level={rowLevel(row)} />
      {props.plain ? (
        <span class="al-card-line__why">{words}</span>
      ) : (
        <a class="al-card-line__why" href={`/team/alert/${row.id}`}>
          {words}
        </a>
      )}
      {row.next_action && (
        <span class="al-quiet">{t("next.next", { words: nextWords(row.next_action, now) })}</span>
      )}
    </span>
  );
}
