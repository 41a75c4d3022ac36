// Today: the next thing to do, the latest readings with their age, who has your message, and who is watching.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { deadline, longDay } from "../../core/format";
import { homeOf } from "../../core/resources";
import { redPending } from "../../core/selfReadings";
import { checkInsOf, questionnaires, takingOf, yearOf } from "../../core/selfResources";
import { isDisconnected } from "../../core/sync";
import { answeredSince, takenSince, thingsToDo, todoToday } from "../../core/today";
import { wallOf } from "../../core/wall";
import { t } from "../../core/words";
import type { Year } from "../../core/selfTypes";
import type { Home, PatientChoice } from "../../core/types";
import { useNow, useOutbox, useResource } from "../../parts/hooks";
import type { HelpfulProps } from "../../parts/Helpful";
import { Late, withItsWords } from "../../parts/Late";
import { NotSentTiles } from "../../parts/NotSentTiles";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";
import { WorriedButton } from "../../parts/WorriedButton";
import { AdviceCard } from "./AdviceCard";
import { Later, NowCard } from "./NowCard";
import { KitLines, TeamLine } from "./TeamLine";
import { PendingRed } from "./PendingRed";
import { Tile } from "./Tile";
import { Todo } from "./Todo";

const helpful = withItsWords<HelpfulProps>(() => import("../../parts/Helpful").then(({ Helpful }) => Helpful));

export const address = "/";
export const nav = "today";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Today patient={patient} />}</WithPatient>;
}

function greeting(now: Date): string {
  const { hour } = wallOf(now);
  if (hour < 12) return t("today.morning");
  return t(hour < 18 ? "today.afternoon" : "today.evening");
}

/** What the other pages need without a network is fetched here, where everybody comes with one. */
function useKeptForLater(patient: string): void {
  useResource(useMemo(() => takingOf(patient), [patient]), true);
  useResource(useMemo(() => checkInsOf(patient), [patient]), true);
  useResource(useMemo(questionnaires, []), true);
}

function Today(props: { patient: PatientChoice }): JSX.Element {
  const now = useNow();
  const view = useResource(homeOf(props.patient.id));
  // The page draws what it has: its values never wait for the lines beside them.
  const year = useResource(useMemo(() => yearOf(props.patient.id), [props.patient.id]), true).body;
  useOutbox();
  const home = view.body;
  if (!home && !view.asked) return <Waiting title={t("today.title")} words={t("today.opening")} />;
  return (
    <Page title={t("today.title")} heading={greeting(now)} caption={longDay(now)} demo={home?.demo ?? null}>
      <HelpingBanner patient={props.patient} />
      {home ? (
        <Filled
          home={home}
          patient={props.patient.id}
          now={now}
          connected={!isDisconnected(view)}
          at={view.at}
          year={year}
        />
      ) : (
        <p>{t(isDisconnected(view) ? "today.nothingKept" : "today.refused")}</p>
      )}
      <SyncStatus view={view} now={now} />
      {home && <KeptForLater patient={props.patient.id} />}
    </Page>
  );
}

/** A part of its own, and last: the page never waits for what only other pages show. */
function KeptForLater(props: { patient: string }): null {
  useKeptForLater(props.patient);
  return null;
}

interface FilledProps {
  home: Home;
  patient: string;
  now: Date;
  connected: boolean;
  at: number | null;
  year: Year | null;
}

function Filled(props: FilledProps): JSX.Element {
  const { home, now, patient, at } = props;
  const things = thingsToDo(home, now, takenSince(patient, at), answeredSince(patient, at));
  const red = redPending(patient, at);
  const isRed = red !== null || home.advice !== null;
  return (
    <>
      {red && <PendingRed {...props} red={red} />}
      {home.advice && <AdviceCard {...props} advice={home.advice} />}
      {!isRed && <NowCard thing={things.now} />}
      <Later things={isRed && things.now ? [things.now, ...things.later] : things.later} />
      <WorriedButton patient={patient} />
      <Todo patient={patient} due={todoToday(home, patient, at, now)} />
      <NotSentTiles patient={patient} at={at} now={now} />
      <h2 class="nhsuk-u-visually-hidden">{t("today.latest")}</h2>
      <ul class="al-tiles">
        {home.latest.map((tile) => (
          <Tile key={tile.kind} tile={tile} now={now} year={props.year} />
        ))}
      </ul>
      <ReplyLine home={home} now={now} />
      <TeamLine home={home} now={now} at={at} />
      <KitLines kit={home.devices} now={now} />
      {home.advice?.level === "urgent" && (
        <Late load={helpful} with={{ patient, about: "advice", ref_: "urgent", title: t("helpful.advice") }} />
      )}
    </>
  );
}

/** The duty clock: who has the message, and until when they answer. */
function ReplyLine(props: { home: Home; now: Date }): JSX.Element | null {
  const { reply } = props.home;
  if (!reply) return null;
  const time = deadline(new Date(reply.by), props.now);
  return (
    <section class="al-team" aria-labelledby="reply-title">
      <h2 class="al-team__title" id="reply-title">
        {t("reply.has", { team: reply.team })}
      </h2>
      <p>{t(reply.state === "overdue" ? "reply.late" : "reply.by", { time })}</p>
      <a class="al-tile__take" href="/messages">
        {t("reply.open")}
      </a>
    </section>
  );
}
