// 14 or 90 days: the two spans a trend is looked at over.
import type { JSX } from "preact";
import { t } from "../core/words";

const SPANS = [14, 90] as const;

export function DaysChoice(props: { days: number; onChange: (days: number) => void }): JSX.Element {
  return (
    <div class="al-spans" role="group" aria-label={t("span.label")}>
      {SPANS.map((days) => (
        <button
          key={days}
          class="al-span"
          type="button"
          aria-pressed={props.days === days}
          onClick={() => props.onChange(days)}
        >
          {t("span.days", { n: days })}
        </button>
      ))}
    </div>
  );
}
