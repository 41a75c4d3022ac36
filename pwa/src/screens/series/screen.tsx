// One kind of reading: a sentence, the trend with the person's own range, and the table with the same facts.
// All of it from the year this phone keeps, so that it needs no network.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { pendingReadings, pointOf } from "../../core/selfReadings";
import { yearOf } from "../../core/selfResources";
import { TAKE_KINDS } from "../../core/takeKinds";
import { t } from "../../core/words";
import { seriesFrom } from "../../core/year";
import type { PatientChoice, ReadingKind, Series } from "../../core/types";
import { Chart } from "../../parts/Chart";
import { DaysChoice } from "../../parts/DaysChoice";
import { useNow, useOutbox, useResource } from "../../parts/hooks";
import { NotSentTiles } from "../../parts/NotSentTiles";
import { Page } from "../../parts/Page";
import { Digits, firstCode, rangeWords } from "../../parts/Reading";
import { SyncStatus } from "../../parts/SyncStatus";
import { TrendSentence } from "../../parts/TrendSentence";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/readings/:kind";
export const nav = "readings";
export const example = "/readings/blood-pressure";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const kind = TAKE_KINDS.find((known) => known === params["kind"]) ?? "blood-pressure";
  return <WithPatient>{(patient) => <Trend key={kind} patient={patient} kind={kind} />}</WithPatient>;
}

function Trend(props: { patient: PatientChoice; kind: ReadingKind }): JSX.Element {
  const { patient, kind } = props;
  const now = useNow();
  const [days, setDays] = useState(14);
  const view = useResource(useMemo(() => yearOf(patient.id), [patient.id]));
  const outbox = useOutbox();
  const series = useMemo(
    () => view.body && seriesFrom(view.body, kind, days, pendingReadings(patient.id, view.at, kind).map(pointOf)),
    [view.body, kind, days, outbox],
  );
  return (
    <Page title={t(`kind.${kind}`)} back={{ href: "/readings", words: t("series.back") }}>
      <HelpingBanner patient={patient} />
      <DaysChoice days={days} onChange={setDays} />
      {series && <Drawn series={series} days={days} />}
      {view.body && !series && <p class="al-sentence">{t("tile.never")}</p>}
      <NotSentTiles patient={patient.id} at={view.at} now={now} kind={kind} />
      {!view.body && <p>{t(view.asked ? "series.nothingKept" : "today.opening")}</p>}
      <p>
        <a class="al-button al-button--quiet" href={`/take/${kind}`}>
          {t(`now.${kind}`)}
        </a>
      </p>
      {(view.body !== null || view.asked) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}

function Drawn(props: { series: Series; days: number }): JSX.Element {
  const { series, days } = props;
  const title = t("series.chart", { n: days });
  return (
    <>
      <TrendSentence series={series} days={days} />
      {series.points.length > 0 && (
        <Chart series={series} days={days} rangeLabel={t("range.yours")} title={title} />
      )}
      <RangeSource series={series} />
    </>
  );
}

function RangeSource(props: { series: Series }): JSX.Element | null {
  const { range, kind } = props.series;
  const words = rangeWords(firstCode(kind), range);
  if (!range || words === null) return null;
  return (
    <p class="al-quiet">
      {t("range.yours")}: <Digits>{words}</Digits>. {t("series.rangeFrom", { source: range.source })}
    </p>
  );
}
