// Today: the next thing to do, the latest readings with their age, and who is watching.
import type { JSX } from "preact";
import { longDay } from "../../core/format";
import { homeOf } from "../../core/resources";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { Home, PatientChoice } from "../../core/types";
import { useNow, useResource } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";
import { AdviceCard } from "./AdviceCard";
import { KitLines, TeamLine } from "./TeamLine";
import { Tile } from "./Tile";

export const address = "/";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Today patient={patient} />}</WithPatient>;
}

function greeting(now: Date): string {
  const hour = Number(
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: "Europe/London" }).format(
      now,
    ),
  );
  if (hour < 12) return t("today.morning");
  return t(hour < 18 ? "today.afternoon" : "today.evening");
}

function Today(props: { patient: PatientChoice }): JSX.Element {
  const now = useNow();
  const view = useResource(homeOf(props.patient.id));
  const home = view.body;
  if (!home && !view.asked) return <Waiting title={t("today.title")} words={t("today.opening")} />;
  return (
    <Page title={t("today.title")} heading={greeting(now)} caption={longDay(now)} demo={home?.demo ?? null}>
      <HelpingBanner patient={props.patient} />
      {home ? (
        <Filled home={home} now={now} connected={!isDisconnected(view)} at={view.at} />
      ) : (
        <p>{t(isDisconnected(view) ? "today.nothingKept" : "today.refused")}</p>
      )}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

function Filled(props: { home: Home; now: Date; connected: boolean; at: number | null }): JSX.Element {
  const { home, now } = props;
  return (
    <>
      {home.advice ? <AdviceCard {...props} advice={home.advice} /> : <NowCard home={home} />}
      <h2 class="nhsuk-u-visually-hidden">{t("today.latest")}</h2>
      <ul class="al-tiles">
        {home.latest.map((tile) => (
          <Tile key={tile.kind} tile={tile} now={now} />
        ))}
      </ul>
      <TeamLine home={home} now={now} />
      <KitLines kit={home.devices} now={now} />
    </>
  );
}

function NowCard(props: { home: Home }): JSX.Element | null {
  const task = props.home.now;
  if (!task) return <p class="al-card al-card--done">{t("now.nothing")}</p>;
  return (
    <section class="al-card al-card--now" aria-labelledby="now-title">
      <p class="al-card__eyebrow">{t("now.label")}</p>
      <h2 class="al-card__title" id="now-title">
        {t(`now.${task.code}`)}
      </h2>
      <p class="al-card__words">{t(`now.${task.code}.how`)}</p>
      <a class="al-button al-button--main" href={`/take/${task.code}`}>
        {t("now.take")}
      </a>
    </section>
  );
}
