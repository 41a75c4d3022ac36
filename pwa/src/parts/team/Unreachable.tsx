// Who has a duty within a day and can be reached by nothing: for a ladder that is the same as nobody.
import type { JSX } from "preact";
import type { Shift } from "../../core/caseTypes";
import { exactly } from "../../core/format";
import { t, wordFor } from "../../core/words";

export function Unreachable(props: { rows: readonly Shift[]; now: Date }): JSX.Element | null {
  const { rows, now } = props;
  if (rows.length === 0) return null;
  return (
    <div class="al-kit-trouble" role="status">
      {rows.map((shift) => (
        <p key={shift.id} data-unreachable={shift.practitioner.id}>
          <strong>{t("reach.unreachable", { who: shift.practitioner.name })}</strong>{" "}
          {t("reach.unreachableDuty", {
            role: (wordFor("rotaRole", shift.role) ?? shift.role).toLowerCase(),
            from: exactly(new Date(shift.from), now),
            to: exactly(new Date(shift.to), now),
          })}
        </p>
      ))}
    </div>
  );
}
