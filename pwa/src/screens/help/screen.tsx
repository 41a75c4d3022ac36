// Help now: 999, 111 and the team. Opens signed out and without a network, because that is when it is needed.
// When to call 999 or 111 follows the NHS website's pages "When to call 999" and "When to use NHS 111".
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { telephone } from "../../core/format";
import { helpFacts } from "../../core/resources";
import { t } from "../../core/words";
import type { HomeTeam } from "../../core/types";
import { Page } from "../../parts/Page";

export const address = "/help";
export const open = true;

const SIGNS = [
  "help.999.breath",
  "help.999.chest",
  "help.999.stroke",
  "help.999.bleed",
  "help.999.wake",
  "help.999.fall",
] as const;

export function Screen(): JSX.Element {
  const [team, setTeam] = useState<HomeTeam | null>(null);
  useEffect(() => void helpFacts().then(setTeam), []);
  return (
    <Page title={t("help.title")}>
      <Card tone="emergency" title={t("help.999.title")}>
        <Dial number="999" words={t("help.999.call")} />
        <ul class="nhsuk-list nhsuk-list--bullet al-care__signs">
          {SIGNS.map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </Card>
      <Card tone="urgent" title={t("help.111.title")}>
        <p>{t("help.111.words")}</p>
        <Dial number="111" words={t("help.111.call")} />
      </Card>
      <Card tone="plain" title={team?.name ?? t("help.team.title")}>
        {team ? (
          <>
            <p>{t("help.team.hours", { hours: team.hours })}</p>
            <Dial number={team.phone} words={t("help.team.call", { phone: team.phone })} />
            <p class="al-quiet">{t("help.team.not")}</p>
          </>
        ) : (
          <p>{t("help.team.unknown")}</p>
        )}
      </Card>
    </Page>
  );
}

function Card(props: {
  tone: "emergency" | "urgent" | "plain";
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <section class={`al-care al-care--${props.tone}`}>
      <h2 class="al-care__title">{props.title}</h2>
      <div class="al-care__words">{props.children}</div>
    </section>
  );
}

export function Dial(props: { number: string; words: string }): JSX.Element {
  return (
    <a class="al-button al-button--main" href={telephone(props.number)}>
      {props.words}
    </a>
  );
}
