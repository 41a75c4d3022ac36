// Who has been called about a card and who is next, with the time: so that nobody guesses whether help is on its way.
import type { JSX } from "preact";
import type { LadderStep, Row } from "../../core/deskTypes";
import { deadline } from "../../core/format";
import { t } from "../../core/words";

export function Ladder(props: { row: Row; now: Date }): JSX.Element {
  const { row, now } = props;
  return (
    <section aria-labelledby="ladder-title">
      <h3 class="al-section" id="ladder-title">
        {t("card.ladder")}
      </h3>
      {row.steps.length === 0 && <p>{t("card.ladderNone")}</p>}
      <ol class="al-steps">
        {row.steps.map((step, index) => (
          <Step key={`${String(step.rung)} ${step.at ?? "next"} ${String(index)}`} step={step} now={now} />
        ))}
      </ol>
      {row.contacted_at && <p>{t("card.ladderEnds")}</p>}
      {row.ladder_end && <p class="al-notice al-notice--problem">{row.ladder_end}</p>}
    </section>
  );
}

function Step(props: { step: LadderStep; now: Date }): JSX.Element {
  const { step, now } = props;
  const time = step.at ?? step.due;
  const words = time ? deadline(new Date(time), now) : "";
  return (
    <li class={`al-steps__one${step.at ? "" : step.outcome === "next-no-way" ? " al-steps__one--no-way" : " al-steps__one--next"}`}>
      <span class="al-steps__time">{step.at ? words : t("card.ladderNext", { time: words })}</span>
      <span>{step.words}</span>
    </li>
  );
}
