// A person's trend on the team's pages, with the person's own range.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { seriesOf } from "../../core/resources";
import { t } from "../../core/words";
import type { ReadingKind } from "../../core/types";
import { Chart } from "../Chart";
import { useResource } from "../hooks";
import { TrendSentence } from "../TrendSentence";

export function TeamChart(props: {
  patient: string;
  kind: ReadingKind;
  days: number;
  now: Date;
}): JSX.Element {
  const { patient, kind, days } = props;
  const view = useResource(useMemo(() => seriesOf(patient, kind, days), [patient, kind, days]));
  const series = view.body;
  const title = `${t(`kind.${kind}`)}, ${t("series.chart", { n: days })}`;
  if (!series) return <p>{t(view.asked ? "series.nothingKept" : "today.opening")}</p>;
  return (
    <section aria-label={title}>
      <h3 class="al-section">{title}</h3>
      <TrendSentence series={series} days={days} />
      {series.points.length > 0 && (
        <Chart series={series} days={days} rangeLabel={t("range.own")} title={title} />
      )}
    </section>
  );
}
