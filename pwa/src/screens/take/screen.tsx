// Taking a reading: how to sit or stand; then the device sends it by itself, or the person types the number in.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { isDisconnected, type View } from "../../core/sync";
import { TAKE_KINDS } from "../../core/takeKinds";
import { t } from "../../core/words";
import type { Home, LatestTile, ReadingKind } from "../../core/types";
import { useNow, useOpenPatient } from "../../parts/hooks";
import { Level, tileLevel } from "../../parts/Level";
import { Page } from "../../parts/Page";
import { Reading } from "../../parts/Reading";
import { SyncStatus } from "../../parts/SyncStatus";
import { useRecordFor } from "../../parts/useRecordFor";
import { useJudging } from "../../parts/useTaking";
import { HelpingBanner } from "../../parts/WithPatient";
import { Posture } from "./Posture";

export const address = "/take/:kind";
export const open = true;
export const nav = "today";
export const example = "/take/blood-pressure";

const STEPS = ["1", "2", "3", "4"] as const;

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const kind = TAKE_KINDS.find((known) => known === params["kind"]) ?? "blood-pressure";
  return <Take key={kind} kind={kind} />;
}

function Take(props: { kind: ReadingKind }): JSX.Element {
  const { kind } = props;
  const person = useOpenPatient();
  const { patient, isOpen } = useRecordFor();
  const { taken, home } = useJudging(isOpen ? patient : null, kind);
  const first = `/take/${kind}/${taken.codes[0]?.code ?? kind}`;
  return (
    <Page title={t(`now.${kind}`)} back={{ href: "/", words: t("take.back") }}>
      {person && <HelpingBanner patient={person} />}
      <Posture kind={kind} />
      <ol class="nhsuk-list nhsuk-list--number al-steps">
        {STEPS.map((step) => (
          <li key={step}>{t(`take.${kind}.${step}`)}</li>
        ))}
      </ol>
      {taken.device !== null && isOpen ? (
        <ByDevice view={home} kind={kind} first={first} />
      ) : (
        <a class="al-button al-button--main" href={first}>
          {t("take.handOnly")}
        </a>
      )}
    </Page>
  );
}

function ByDevice(props: { view: View<Home>; kind: ReadingKind; first: string }): JSX.Element {
  const { view, kind } = props;
  const now = useNow();
  const arrived = useArrival(view, kind);
  return (
    <>
      <div role="status" class="al-arrival">
        {arrived ? (
          <Arrived tile={arrived} now={now} />
        ) : (
          <p>{t(isDisconnected(view) ? "take.waitOff" : "take.wait")}</p>
        )}
      </div>
      {arrived ? (
        <DoneButton />
      ) : (
        <p>
          <a class="al-button al-button--quiet al-button--main" href={props.first}>
            {t("take.hand")}
          </a>
        </p>
      )}
      <SyncStatus view={view} now={now} />
    </>
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
