// The one next thing, and a quiet list of what comes later today.
import type { JSX } from "preact";
import { clockTime } from "../../core/format";
import type { Thing } from "../../core/today";
import { t } from "../../core/words";

export function NowCard(props: { thing: Thing | null }): JSX.Element {
  const { thing } = props;
  if (!thing) {
    return (
      <div class="al-card al-card--done">
        <p class="al-card__words">{t("now.nothing")}</p>
        <a class="al-tile__take" href="/take">
          {t("take.any")}
        </a>
      </div>
    );
  }
  return (
    <section class="al-card al-card--now" aria-labelledby="now-title">
      <p class="al-card__eyebrow">{t("now.label")}</p>
      {thing.kind === "reading" ? <ReadingNow thing={thing} /> : <CheckInNow thing={thing} />}
      <p class="al-card__other">
        <a class="al-tile__take" href={`/not-today/${thing.kind === "reading" ? thing.reading : thing.id}`}>
          {t("now.notToday")}
        </a>
      </p>
    </section>
  );
}

function ReadingNow(props: { thing: Extract<Thing, { kind: "reading" }> }): JSX.Element {
  const { reading } = props.thing;
  return (
    <>
      <h2 class="al-card__title" id="now-title">
        {t(`now.${reading}`)}
      </h2>
      <p class="al-card__words">{t(`now.${reading}.how`)}</p>
      <a class="al-button al-button--main" href={`/take/${reading}`}>
        {t("now.take")}
      </a>
    </>
  );
}

function CheckInNow(props: { thing: Extract<Thing, { kind: "check-in" }> }): JSX.Element {
  const { id, title, questions } = props.thing;
  return (
    <>
      <h2 class="al-card__title" id="now-title">
        {title}
      </h2>
      <p class="al-card__words">{t("now.questions", { n: questions })}</p>
      <a class="al-button al-button--main" href={`/check-in/${id}`}>
        {t("now.doCheckIn")}
      </a>
    </>
  );
}

export function Later(props: { things: readonly Thing[] }): JSX.Element | null {
  if (props.things.length === 0) return null;
  return (
    <section class="al-later" aria-labelledby="later-title">
      <h2 class="al-team__title" id="later-title">
        {t("now.later")}
      </h2>
      <ul class="nhsuk-list">
        {props.things.map((thing) => (
          <li key={thing.kind === "reading" ? thing.reading : thing.id}>
            <a class="al-tile__take" href={thing.kind === "reading" ? `/take/${thing.reading}` : `/check-in/${thing.id}`}>
              {laterWords(thing)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function laterWords(thing: Thing): string {
  if (thing.kind === "check-in") return t("now.checkIn", { title: thing.title, n: thing.questions });
  const what = t(`now.${thing.reading}`);
  return thing.dueAt === null ? what : t("now.at", { what, time: clockTime(new Date(thing.dueAt)) });
}
