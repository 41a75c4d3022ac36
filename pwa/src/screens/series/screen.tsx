// One kind of reading: a sentence, the trend with the person's own range, and the table with the same facts.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { seriesOf } from "../../core/resources";
import { t } from "../../core/words";
import type { PatientChoice, ReadingKind, Series } from "../../core/types";
import { Chart } from "../../parts/Chart";
import { DaysChoice } from "../../parts/DaysChoice";
import { useNow, useResource } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { firstCode, rangeWords } from "../../parts/Reading";
import { SyncStatus } from "../../parts/SyncStatus";
import { TrendSentence } from "../../parts/TrendSentence";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/readings/:kind";

const KINDS: readonly ReadingKind[] = ["blood-pressure", "spo2", "pulse", "weight"];

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const kind = KINDS.find((known) => known === params["kind"]) ?? "blood-pressure";
  return <WithPatient>{(patient) => <Trend key={kind} patient={patient} kind={kind} />}</WithPatient>;
}

function Trend(props: { patient: PatientChoice; kind: ReadingKind }): JSX.Element {
  const { patient, kind } = props;
  const now = useNow();
  const [days, setDays] = useState(14);
  const view = useResource(seriesOf(patient.id, kind, days));
  const series = view.body;
  return (
    <Page title={t(`kind.${kind}`)} back={{ href: "/readings", words: t("series.back") }}>
      <HelpingBanner patient={patient} />
      <DaysChoice days={days} onChange={setDays} />
      {series && <TrendSentence series={series} days={days} />}
      {series && series.points.length > 0 && (
        <Chart
          series={series}
          days={days}
          rangeLabel={t("range.yours")}
          title={t("series.chart", { n: days })}
        />
      )}
      {series && <RangeSource series={series} />}
      {!series && <p>{t(view.asked ? "series.nothingKept" : "today.opening")}</p>}
      {(series !== null || view.asked) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}

function RangeSource(props: { series: Series }): JSX.Element | null {
  const { range, kind } = props.series;
  const words = rangeWords(firstCode(kind), range);
  if (!range || words === null) return null;
  return <p class="al-quiet">{t("series.rangeFrom", { source: range.source })}</p>;
}
