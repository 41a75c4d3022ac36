// Taking a reading: how to sit or stand, then the device does the rest and the value appears here by itself.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { homeOf } from "../../core/resources";
import { isDisconnected, type View } from "../../core/sync";
import { t } from "../../core/words";
import type { Home, LatestTile, PatientChoice, ReadingKind } from "../../core/types";
import { useNow, useResource } from "../../parts/hooks";
import { Level, tileLevel } from "../../parts/Level";
import { Page } from "../../parts/Page";
import { Reading } from "../../parts/Reading";
import { SyncStatus } from "../../parts/SyncStatus";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";
import { Posture } from "./Posture";

export const address = "/take/:kind";

const KINDS = ["blood-pressure", "spo2", "weight"] as const;
type Takeable = (typeof KINDS)[number];
const STEPS = ["1", "2", "3", "4"] as const;

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const kind = KINDS.find((known) => known === params["kind"]) ?? "blood-pressure";
  return <WithPatient>{(patient) => <Take key={kind} patient={patient} kind={kind} />}</WithPatient>;
}

function Take(props: { patient: PatientChoice; kind: Takeable }): JSX.Element {
  const { patient, kind } = props;
  const now = useNow();
  const view = useResource(homeOf(patient.id));
  const arrived = useArrival(view, kind);
  return (
    <Page title={t(`now.${kind}`)} back={{ href: "/", words: t("take.back") }}>
      <HelpingBanner patient={patient} />
      <Posture kind={kind} />
      <ol class="nhsuk-list nhsuk-list--number al-steps">
        {STEPS.map((step) => (
          <li key={step}>{t(`take.${kind}.${step}`)}</li>
        ))}
      </ol>
      <div role="status" class="al-arrival">
        {arrived ? (
          <Arrived tile={arrived} now={now} />
        ) : (
          <p>{t(isDisconnected(view) ? "take.waitOff" : "take.wait")}</p>
        )}
      </div>
      {arrived && <DoneButton />}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

/** The reading that came in since this page was opened, or null. */
function useArrival(view: View<Home>, kind: ReadingKind): LatestTile | null {
  const tile = view.body?.latest.find((item) => item.kind === kind) ?? null;
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (before.current === undefined && view.body && view.asked) before.current = tile?.received_at ?? null;
  }, [view]);
  const isNew =
    before.current !== undefined && tile?.received_at !== null && tile?.received_at !== before.current;
  return isNew ? tile : null;
}

function Arrived(props: { tile: LatestTile; now: Date }): JSX.Element {
  const { tile, now } = props;
  const level = tileLevel(tile, false);
  return (
    <>
      <p class="al-arrival__word">{t("take.received")}</p>
      <Reading
        kind={tile.kind}
        values={tile.values}
        effectiveAt={tile.effective_at ?? ""}
        now={now}
        quality={tile.quality}
      />
      {level && (
        <p>
          <Level level={level} />
        </p>
      )}
    </>
  );
}

function DoneButton(): JSX.Element {
  const { route } = useLocation();
  return (
    <button class="al-button al-button--main" type="button" onClick={() => route("/")}>
      {t("take.done")}
    </button>
  );
}
