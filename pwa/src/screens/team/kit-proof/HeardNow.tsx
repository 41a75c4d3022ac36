// What the service hears from this device at this moment, so that nobody leaves a home on a guess.
import type { JSX } from "preact";
import { clockTime } from "../../../core/format";
import type { Heard, KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { agoWords, lastHeardWords } from "../../../parts/team/kitWords";

const PRESSES: readonly string[] = ["alarm", "test"];

/** The newest press that came after `since`, or null. */
export function pressSince(kit: KitDetail, since: number): Heard | null {
  return (kit.heard ?? []).find((one) => PRESSES.includes(one.kind) && Date.parse(one.at) >= since) ?? null;
}

export function HeardNow(props: { kit: KitDetail; now: Date }): JSX.Element {
  const { kit, now } = props;
  const heard = (kit.heard ?? []).slice(0, 3);
  return (
    <section class="al-heard" aria-labelledby="heard-title">
      <h2 class="al-heard__title" id="heard-title">
        {t("heardNow.title")}
      </h2>
      {heard.length === 0 ? (
        <p>{kit.last_seen_at ? lastHeardWords(kit, now) : t("heardNow.nothing")}</p>
      ) : (
        <ul class="al-heard__list">
          {heard.map((one) => (
            <li key={`${one.at}${one.kind}`} class={`al-heard__one al-heard__one--${one.kind}`}>
              <strong>{one.words}</strong>{" "}
              <time dateTime={one.at}>
                {clockTime(new Date(one.at))}, {agoWords(one.at, now)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
