// The kinds of reading this person has, each with its latest value, its age and a sentence; what is not sent yet first.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { homeOf } from "../../core/resources";
import { yearOf } from "../../core/selfResources";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { useNow, useOutbox, useResource } from "../../parts/hooks";
import { NotSentTiles } from "../../parts/NotSentTiles";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";
import { Tile } from "../today/Tile";

export const address = "/readings";
export const nav = "readings";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Kinds patient={patient} />}</WithPatient>;
}

function Kinds(props: { patient: PatientChoice }): JSX.Element {
  const { id } = props.patient;
  const now = useNow();
  const view = useResource(homeOf(id));
  const year = useResource(useMemo(() => yearOf(id), [id])).body;
  useOutbox();
  if (!view.body && !view.asked) return <Waiting title={t("readings.title")} words={t("today.opening")} />;
  const tiles = view.body?.latest ?? [];
  return (
    <Page title={t("readings.title")} demo={view.body?.demo ?? null}>
      <HelpingBanner patient={props.patient} />
      <NotSentTiles patient={id} at={view.at} now={now} />
      <p>{t(tiles.length > 0 ? "readings.words" : "readings.none")}</p>
      <h2 class="nhsuk-u-visually-hidden">{t("today.latest")}</h2>
      <ul class="al-tiles">
        {tiles.map((tile) => (
          <Tile key={tile.kind} tile={tile} now={now} year={year} />
        ))}
      </ul>
      <a class="al-button al-button--main al-button--quiet" href="/take">
        {t("take.any")}
      </a>
      <SyncStatus view={view} now={now} />
    </Page>
  );
}
