// Who looked at my information: the person, the day, why, and what, one row for each person and day.
import type { JSX } from "preact";
import { calendarDate } from "../core/format";
import { middayOf } from "../core/planDays";
import { t } from "../core/words";
import type { Looked } from "../core/circleTypes";

export function LookedRows(props: { rows: readonly Looked[] }): JSX.Element {
  return (
    <ul class="al-list">
      {props.rows.map((row) => (
        <li key={`${row.day} ${row.name} ${row.role}`}>
          <strong>{row.name}</strong> {row.role || t("looked.carer")}
          <span class="al-list__more">{calendarDate(middayOf(row.day))}</span>
          <span class="al-list__more">{t("looked.why", { why: row.why })}</span>
          <span class="al-list__more al-quiet">
            {t(row.changed ? "looked.changed" : "looked.looked", { what: row.what.join(", ") })}
          </span>
        </li>
      ))}
    </ul>
  );
}
