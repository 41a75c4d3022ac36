// The card beside the list: everything about the chosen row, with what can be done always in view under it.
import type { JSX } from "preact";
import type { Row } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import { AlertActions } from "../../../parts/team/AlertActions";
import { CardWords } from "../../../parts/team/CardWords";
import type { Actions } from "../../../parts/team/useActions";

export interface CardProps {
  row: Row | null;
  gone: boolean;
  now: Date;
  actions: Actions;
}

export function Card(props: CardProps): JSX.Element {
  if (!props.row) {
    return (
      <aside class="al-person-card al-person-card--empty" aria-label={t("card.label")}>
        <p>{t("card.choose")}</p>
        <p class="al-quiet">{t("card.keys")}</p>
      </aside>
    );
  }
  const row = props.actions.newest(props.row);
  return (
    <aside class="al-person-card" aria-label={t("card.label")}>
      <div class="al-person-card__words" tabIndex={0} role="group" aria-labelledby="card-title">
        <CardWords key={row.id} row={row} now={props.now} />
      </div>
      <AlertActions
        key={`acts ${row.id}`}
        row={row}
        gone={props.gone}
        now={props.now}
        actions={props.actions}
      />
    </aside>
  );
}
