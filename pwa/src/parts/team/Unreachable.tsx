// Who has a duty within a day and can be reached by nothing: for a ladder that is the same as nobody.
import type { JSX } from "preact";
import type { Shift } from "../../core/rotaTypes";
import { exactly } from "../../core/format";
import { t, wordFor } from "../../core/words";

/** One duty after another of the same person is one sentence. */
function joined(rows: readonly Shift[]): Shift[] {
  const found: Shift[] = [];
  for (const row of rows) {
    const before = found.findIndex(
      (one) => one.practitioner.id === row.practitioner.id && one.role === row.role && one.to === row.from,
    );
    const first = found[before];
    if (first) found[before] = { ...first, to: row.to };
    else found.push(row);
  }
  return found;
}

export function Unreachable(props: { rows: readonly Shift[]; now: Date }): JSX.Element | null {
  const { rows, now } = props;
  if (rows.length === 0) return null;
  return (
    <div class="al-kit-trouble" role="status">
      {joined(rows).map((shift) => (
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
