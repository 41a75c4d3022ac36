// "I'm worried": whom to ring comes first, then whether anybody knows yet. Works offline, and never promises.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { exactly } from "../../core/format";
import { sayWorried, worryOnTheWay } from "../../core/concern";
import { discard, receivedState } from "../../core/outbox";
import { homeOf } from "../../core/resources";
import { savedState, type SavedState } from "../../core/saved";
import { takingOf } from "../../core/selfResources";
import { isDisconnected } from "../../core/sync";
import { watching } from "../../core/watchingNow";
import { t } from "../../core/words";
import type { HomeTeam } from "../../core/types";
import { CallFirst } from "../../parts/CallFirst";
import { useNow, useOpenPatient, useOutbox, useResource, useValue } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { NobodyTold } from "../../parts/ToldLine";
import { useHelpFacts, type Whom } from "../../parts/useHelpFacts";
import { useRecordFor } from "../../parts/useRecordFor";
import { HelpingBanner } from "../../parts/WithPatient";

export const address = "/worried";
export const open = true;
export const nav = "today";

export function Screen(): JSX.Element {
  const { patient, isOpen } = useRecordFor();
  const person = useOpenPatient();
  const { team, line, at, connected } = useWhom(isOpen ? patient : null);
  return (
    <Page title={t("worried.title")}>
      {person && <HelpingBanner patient={person} />}
      {patient ? (
        <Worry patient={patient} connected={connected} team={team} at={at} />
      ) : (
        <p class="al-sentence">{t("worried.signedOut")}</p>
      )}
      <section class="al-advice" aria-labelledby="call-title">
        <h2 class="al-advice__title" id="call-title">
          {t("worried.call")}
        </h2>
        <CallFirst level="urgent" team={team} line={line} at={at} />
      </section>
      <p>
        <a class="al-tile__take" href="/help">
          {t("worried.help")}
        </a>
      </p>
    </Page>
  );
}

/** From the open record where there is one, else what this phone keeps for before sign-in. */
function useWhom(patient: string | null): Omit<Whom, "known"> & { at: number | null; connected: boolean } {
  const facts = useHelpFacts();
  const view = useResource(patient ? homeOf(patient) : null);
  const taking = useResource(patient ? takingOf(patient) : null).body;
  return {
    team: view.body?.team ?? facts.team,
    line: taking?.line ?? facts.line,
    at: view.at,
    connected: view.asked ? !isDisconnected(view) : navigator.onLine,
  };
}

interface WorryProps {
  patient: string;
  connected: boolean;
  team: HomeTeam | null;
  at: number | null;
}

function Worry(props: WorryProps): JSX.Element {
  useOutbox();
  useValue(receivedState);
  const id = worryOnTheWay(props.patient);
  if (!id) return <Say patient={props.patient} />;
  return <Said id={id} state={savedState(id)} connected={props.connected} team={props.team} at={props.at} />;
}

function Say(props: { patient: string }): JSX.Element {
  const [isLost, setLost] = useState(false);
  const busy = useRef(false);
  const say = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    await sayWorried(props.patient).catch(() => setLost(true));
    busy.current = false;
  };
  return (
    <>
      <p class="al-sentence">{t("worried.words")}</p>
      {isLost && (
        <p class="al-error" role="alert">
          {t("worried.lost")}
        </p>
      )}
      <button class="al-button al-button--main" type="button" onClick={() => void say()}>
        {t("worried.say")}
      </button>
    </>
  );
}

function Said(props: Omit<WorryProps, "patient"> & { id: string; state: SavedState }): JSX.Element {
  const { id, state, connected, team } = props;
  const now = useNow();
  if (state.kind !== "received")
    return (
      <>
        <NobodyTold connected={connected && state.kind === "waiting"} />
        <button class="al-link-button" type="button" onClick={() => void discard(id)}>
          {t("worried.mistake")}
        </button>
      </>
    );
  const next = team?.next_watch_at ?? null;
  const isThere = watching(team, props.at, now);
  return (
    <div class="al-advice__told" role="status">
      <p>
        <strong>{t("worried.received", { time: exactly(new Date(state.at), now) })}</strong>
      </p>
      {team && isThere === "yes" && <p>{t("worried.watching", { team: team.name })}</p>}
      {isThere === "no" && next && (
        <p>{t("told.next", { time: exactly(new Date(next), now) })}</p>
      )}
    </div>
  );
}
