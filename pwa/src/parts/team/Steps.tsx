// Every step of custody in words, with its time to the second and how long after the one before.
import type { JSX } from "preact";
import type { CustodyStep } from "../../core/cardTypes";
import { exactly } from "../../core/format";
import { t } from "../../core/words";

/** "12:20:43pm today": custody is told to the second. */
function toTheSecond(at: Date, now: Date): string {
  const seconds = String(at.getUTCSeconds()).padStart(2, "0");
  return exactly(at, now).replace(/^(\d+(?::\d\d)?)([ap]m)/, (_, time: string, half: string) => {
    return `${time.includes(":") ? time : `${time}:00`}:${seconds}${half}`;
  });
}

/** "4 s", "3 min 20 s", "2 h 5 min". */
export function spanWords(ms: number): string {
  if (ms < 1000) return t("custody.ms", { n: ms });
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return t("custody.s", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t("custody.min", { n: minutes, s: seconds % 60 });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("custody.h", { n: hours, m: minutes % 60 });
  return t("custody.days", { n: Math.floor(hours / 24) });
}

export function Steps(props: { steps: readonly CustodyStep[]; now: Date }): JSX.Element {
  return (
    <ol class="al-custody">
      {props.steps.map((step, index) => (
        <Step key={`${String(index)} ${step.what}`} step={step} now={props.now} />
      ))}
    </ol>
  );
}

function Step(props: { step: CustodyStep; now: Date }): JSX.Element {
  const { step, now } = props;
  const at = step.at ? new Date(step.at) : null;
  return (
    <li class={`al-custody__step al-custody__step--${step.what}`}>
      <p class="al-custody__time">
        {at ? (
          <time dateTime={at.toISOString()}>{toTheSecond(at, now)}</time>
        ) : (
          t("custody.unknown")
        )}
      </p>
      <div>
        <p class="al-custody__words">{step.words}</p>
        <p class="al-quiet">{detailWords(step)}</p>
      </div>
    </li>
  );
}

function detailWords(step: CustodyStep): string {
  const words: string[] = [];
  if (step.ms_since !== null)
    words.push(step.ms_since === 0 ? t("custody.at") : t("custody.after", { time: spanWords(step.ms_since) }));
  if (step.who) words.push(t("custody.who", { who: step.who }));
  if (step.by_version) words.push(t("custody.by", { by: step.by_version }));
  return words.map((one) => `${one}.`).join(" ");
}
