// What a range would have changed in the last days: how many alerts more or less, and which.
import type { JSX } from "preact";
import type { Rehearsal, Rehearsed as Once } from "../../../core/cardTypes";
import { calendarDate, clockTime } from "../../../core/format";
import { t } from "../../../core/words";

const LISTED = 3;

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

export function Rehearsed(props: { found: Rehearsal }): JSX.Element {
  const { found } = props;
  const isSame = found.added_count === 0 && found.dropped_count === 0;
  return (
    <div class="al-rehearsed" role="status">
      <p>
        {t("limit.would", {
          n: total(found.now),
          then: total(found.then),
          readings: found.readings,
          days: found.days,
        })}
      </p>
      {isSame && <p>{t("limit.same")}</p>}
      <Times title="limit.added" times={found.added} n={found.added_count} />
      <Times title="limit.dropped" times={found.dropped} n={found.dropped_count} />
    </div>
  );
}

function Times(props: {
  title: "limit.added" | "limit.dropped";
  times: readonly Once[];
  n: number;
}): JSX.Element | null {
  const { times, n } = props;
  if (n === 0) return null;
  const listed = times.slice(0, LISTED);
  return (
    <>
      <p>{t(props.title, { n })}</p>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {listed.map((one) => (
          <li key={one.true_at + one.rule}>
            {calendarDate(new Date(one.true_at))}, {clockTime(new Date(one.true_at))}: {one.reason}
          </li>
        ))}
        {n > listed.length && <li>{t("limit.andMore", { n: n - listed.length })}</li>}
      </ul>
    </>
  );
}
