// After a red answer: what to do now and whom to ring, from the form alone, and the team's line where one is signed.
import type { JSX } from "preact";
import { nextItem, redOption } from "../../core/checkIn";
import { meansEmergency } from "../../core/checkInSend";
import { homeOf } from "../../core/resources";
import { takingOf } from "../../core/selfResources";
import { t } from "../../core/words";
import type { Item } from "../../core/selfTypes";
import { CallFirst } from "../../parts/CallFirst";
import { useResource } from "../../parts/hooks";
import { Level } from "../../parts/Level";
import { Page } from "../../parts/Page";
import { useHelpFacts } from "../../parts/useHelpFacts";
import type { PageOfProps } from "./screen";
import { WhoKnows } from "./WhoKnows";

export function RedPage(props: PageOfProps & { item: Item }): JSX.Element {
  const { form, item, now } = props;
  const facts = useHelpFacts();
  const home = useResource(homeOf(props.patient.id));
  const line = useResource(takingOf(props.patient.id)).body?.line ?? facts.line;
  const words = redOption(item, now.answering.answers)?.do ?? form.next.red;
  const level = meansEmergency(words) ? "emergency" : "urgent";
  const next = nextItem(form, now.answering.answers, item.id);
  return (
    <Page title={t("red.title")} back={{ href: `/check-in/${form.id}/q-${item.id}`, words: t("nav.back") }}>
      <section class={`al-advice al-advice--${level}`} aria-labelledby="red-title">
        <p class="al-advice__level" role="alert">
          <Level level={level} words={t(level === "emergency" ? "advice.emergency" : "advice.urgent")} shout />
        </p>
        <h2 class="al-advice__title" id="red-title">
          {line ? t("acts.line") : words}
        </h2>
        <WhoKnows command={now.answering.command} />
        <CallFirst level={level} team={home.body?.team ?? facts.team} line={line} at={home.at} />
      </section>
      <button
        class="al-button al-button--main al-button--quiet"
        type="button"
        onClick={() => props.goTo(next ? `q-${next.id}` : "check")}
      >
        {t("checkIn.goOn")}
      </button>
    </Page>
  );
}
