// Pointers to ReSPECT and other advance documents: that they exist and where, never as an order.
import type { JSX } from "preact";
import { calendarDate } from "../../core/format";
import { middayOf } from "../../core/planDays";
import { t, wordFor } from "../../core/words";
import type { AdvanceDocument } from "../../core/planTypes";

export function Documents(props: { documents: readonly AdvanceDocument[] }): JSX.Element | null {
  if (props.documents.length === 0) return null;
  return (
    <>
      {props.documents.map((one) => (
        <div key={`${one.kind} ${one.dated}`} class="al-new">
          <p class="al-new__title">
            {wordFor("document", one.kind) ?? t("document.other")},{" "}
            {t("document.dated", { date: calendarDate(middayOf(one.dated)) })}
          </p>
          <p>{t("document.where", { where: one.original_at })}</p>
          {one.ceiling && <p>{t("document.ceiling", { ceiling: one.ceiling })}</p>}
          <p class="al-quiet">
            {t("document.checked", { who: one.verified_by, date: calendarDate(middayOf(one.verified_on)) })}
          </p>
        </div>
      ))}
      <p class="al-quiet">{t("document.pointer")}</p>
    </>
  );
}
