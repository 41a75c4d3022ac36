// The kinds of reading this person has, each with its latest value and age.
import type { JSX } from "preact";
import { homeOf } from "../../core/resources";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { useNow, useResource } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";
import { Tile } from "../today/Tile";

export const address = "/readings";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Kinds patient={patient} />}</WithPatient>;
}

function Kinds(props: { patient: PatientChoice }): JSX.Element {
  const now = useNow();
  const view = useResource(homeOf(props.patient.id));
  if (!view.body && !view.asked) return <Waiting title={t("readings.title")} words={t("today.opening")} />;
  const tiles = view.body?.latest ?? [];
  return (
    <Page title={t("readings.title")} demo={view.body?.demo ?? null}>
      <HelpingBanner patient={props.patient} />
      <p>{t("readings.words")}</p>
      <h2 class="nhsuk-u-visually-hidden">{t("today.latest")}</h2>
      <ul class="al-tiles">
        {tiles.map((tile) => (
          <Tile key={tile.kind} tile={tile} now={now} />
        ))}
      </ul>
      <SyncStatus view={view} now={now} />
    </Page>
  );
}
