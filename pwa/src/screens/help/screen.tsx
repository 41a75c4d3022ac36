// Help now: 999, 111 and the team. Opens signed out, locked and without a network, because that is when it is needed.
// When to call 999 or 111 follows the NHS website's pages "When to call 999" and "When to use NHS 111".
import type { ComponentChildren, JSX } from "preact";
import { t } from "../../core/words";
import type { HomeTeam } from "../../core/types";
import { Dial } from "../../parts/Dial";
import { Page } from "../../parts/Page";
import { useHelpFacts, type Whom } from "../../parts/useHelpFacts";
import { useRecordFor } from "../../parts/useRecordFor";

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
  const { team, line } = useHelpFacts();
  const { patient } = useRecordFor();
  return (
    <Page title={t("help.title")}>
      {line ? <LineCard line={line} /> : <EmergencyCard />}
      <ul class="al-choices">
        {patient && <Way href="/worried" words={t("help.worried")} />}
        <Way href="/hypo" words={t("help.hypo")} />
      </ul>
      <Card tone="urgent" title={t("help.111.title")}>
        <p>{t("help.111.words")}</p>
        <Dial number="111" words={t("help.111.call")} />
      </Card>
      <TeamCard team={team} />
    </Page>
  );
}

function EmergencyCard(): JSX.Element {
  return (
    <Card tone="emergency" title={t("help.999.title")}>
      <Dial number="999" words={t("help.999.call")} />
      <ul class="nhsuk-list nhsuk-list--bullet al-care__signs">
        {SIGNS.map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
    </Card>
  );
}

/** A signed end-of-life plan: its line answers in place of 999 (care rules of this project). */
function LineCard(props: { line: NonNullable<Whom["line"]> }): JSX.Element {
  return (
    <Card tone="emergency" title={t("help.line.title")}>
      <p>{t("help.line.words")}</p>
      <Dial number={props.line.phone} words={t("help.line.call", { phone: props.line.phone })} />
      <p class="al-quiet">{t("help.999.other")}</p>
    </Card>
  );
}

function TeamCard(props: { team: HomeTeam | null }): JSX.Element {
  const { team } = props;
  return (
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
  );
}

function Way(props: { href: string; words: string }): JSX.Element {
  return (
    <li>
      <a class="al-choice" href={props.href}>
        <strong>{props.words}</strong>
      </a>
    </li>
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
