// What a chart says, in one or two sentences, for whoever does not read charts.
import type { JSX } from "preact";
import { t } from "../core/words";
import type { Median, ReadingKind, Series } from "../core/types";
import { Fill } from "./Fill";
import { Digits, inOrder, valuesWords } from "./Reading";

/** Halves come from a median of two readings; people are told whole numbers where a display shows whole ones. */
const FINER: readonly ReadingKind[] = ["weight", "temperature", "glucose"];

function whole(kind: ReadingKind, median: Median): Median {
  if (FINER.includes(kind)) return median;
  return Object.fromEntries(
    Object.entries(median).map(([code, value]) => [code, String(Math.round(Number(value)))]),
  );
}

function Usual(props: { kind: ReadingKind; median: Median }): JSX.Element {
  return <Digits>{valuesWords(inOrder(props.kind, whole(props.kind, props.median)))}</Digits>;
}

export function TrendSentence(props: { series: Series; days: number }): JSX.Element {
  const { series, days } = props;
  const { summary, kind } = series;
  if (summary.count === 0 || !summary.median)
    return <p class="al-sentence">{t("trend.none", { n: days })}</p>;
  return (
    <p class="al-sentence">
      <Fill
        words="trend.usual"
        gaps={{ usual: <Usual kind={kind} median={summary.median} />, days: String(days) }}
      />{" "}
      {summary.direction && summary.previous_median && (
        <Fill
          words={`trend.${summary.direction}`}
          gaps={{ before: <Usual kind={kind} median={summary.previous_median} />, days: String(days) }}
        />
      )}
    </p>
  );
}
