// How the person's last alerts ended, the tries to reach them, and what was done with this card.
import type { ComponentChildren, JSX } from "preact";
import type { Card } from "../../core/cardTypes";
import { deadline, exactly } from "../../core/format";
import { t, wordFor } from "../../core/words";
import { outcomeWords } from "./rowWords";

export function CardHistory(props: { card: Card; now: Date }): JSX.Element {
  const { card, now } = props;
  return (
    <>
      <Part id="last" title={t("card.lastThree")}>
        {card.last_outcomes.length === 0 && <li>{t("card.lastNone")}</li>}
        {card.last_outcomes.map((one) => (
          <li key={one.at + one.title}>
            {one.title}, {exactly(new Date(one.at), now)}:{" "}
            <strong>{one.outcome ? outcomeWords(one.outcome) : t("row.closed")}</strong>
            {one.note && `. ${one.note}`}
          </li>
        ))}
      </Part>
      {card.tries.length > 0 && (
        <Part id="tries" title={t("card.tries")}>
          {card.tries.map((one) => (
            <li key={one.at}>
              {deadline(new Date(one.at), now)}: {wordFor("whom", one.to) ?? one.to},{" "}
              {(wordFor("result", one.result) ?? one.result).toLowerCase()}
              {one.by && ` (${one.by})`}
              {one.note && `. ${one.note}`}
            </li>
          ))}
        </Part>
      )}
      {card.log.length > 0 && (
        <Part id="log" title={t("card.log")}>
          {card.log.map((one) => (
            <li key={one.at + one.kind}>
              {deadline(new Date(one.at), now)}: {one.words}
              {one.by && ` (${one.by})`}
              {one.undone && ` (${t("card.undone")})`}
              {one.note && `. ${one.note}`}
            </li>
          ))}
        </Part>
      )}
    </>
  );
}

function Part(props: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section aria-labelledby={`${props.id}-title`}>
      <h3 class="al-section" id={`${props.id}-title`}>
        {props.title}
      </h3>
      <ul class="nhsuk-list al-card-list">{props.children}</ul>
    </section>
  );
}
