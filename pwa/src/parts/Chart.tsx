// A trend as plain SVG with its labels on it, and the same facts as a table for whoever reads better so.
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { layout, MARGIN, type DrawnLine, type Layout } from "../core/chart";
import { calendarDate, clockTime } from "../core/format";
import { t } from "../core/words";
import type { Range, ReadingKind, Series, SeriesPoint, ValueCode } from "../core/types";
import { useWidth } from "./hooks";
import { firstCode, inOrder, numberWords, rangeWords, Reading } from "./Reading";

const HEIGHT = 260;
/** On anything narrower (letters at 400% on a phone) a chart is a smear: the table is opened in its place. */
const NARROWEST = 200;
const LINES: Record<ReadingKind, readonly ValueCode[]> = {
  "blood-pressure": ["systolic", "diastolic"],
  spo2: ["spo2"],
  pulse: ["pulse"],
  weight: ["weight"],
  temperature: ["temperature"],
  glucose: ["glucose"],
  "peak-flow": ["peak-flow"],
};

export interface ChartProps {
  series: Series;
  days: number;
  /** "Your range" to the person, "Own range" to the team. */
  rangeLabel: string;
  title: string;
}

export function Chart(props: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 340);
  const fits = width >= NARROWEST;
  return (
    <figure class={`al-chart${fits ? "" : " al-chart--words"}`}>
      <div class="al-chart__box" ref={box}>
        {fits && <Drawing {...props} width={width} />}
      </div>
      <Table series={props.series} title={props.title} open={!fits} />
    </figure>
  );
}

function Drawing(props: ChartProps & { width: number }): JSX.Element {
  const { series, days, width } = props;
  const drawn = useMemo(() => place(series, days, width), [series, days, width]);
  return (
    <svg
      class="al-chart__svg"
      viewBox={`0 0 ${String(width)} ${String(HEIGHT)}`}
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={`${props.title}. ${t("chart.tableBelow")}`}
    >
      <Axes drawn={drawn} width={width} />
      <Band drawn={drawn} range={series.range} kind={series.kind} label={props.rangeLabel} />
      {drawn.lines.map((line) => (
        <Line key={line.name} line={line} code={line.name as ValueCode} right={drawn.right} />
      ))}
    </svg>
  );
}

function place(series: Series, days: number, width: number): Layout {
  const to = Date.parse(series.as_of);
  const lines = LINES[series.kind].map((code) => ({
    name: code,
    points: series.points.flatMap((point) => {
      const value = point.values[code];
      return value === undefined ? [] : [{ at: Date.parse(point.effective_at), value: Number(value) }];
    }),
  }));
  const edge = (text: string | null): number | null => (text === null ? null : Number(text));
  const range = series.range ? { low: edge(series.range.low), high: edge(series.range.high) } : null;
  return layout(lines, { width, height: HEIGHT, from: to - days * 86_400_000, to, range });
}

function Axes(props: { drawn: Layout; width: number }): JSX.Element {
  const { drawn } = props;
  const last = drawn.xTicks.length - 1;
  return (
    <g class="al-chart__axes">
      {drawn.yTicks.map((tick) => (
        <g key={tick.label}>
          <line x1={drawn.left} x2={drawn.right} y1={tick.at} y2={tick.at} />
          <text x={MARGIN.left - 8} y={tick.at + 5} text-anchor="end" direction="ltr">
            {tick.label}
          </text>
        </g>
      ))}
      {drawn.xTicks.map((tick, index) => (
        <text
          key={tick.label}
          x={tick.at}
          y={drawn.bottom + 24}
          text-anchor={index === 0 ? "start" : index === last ? "end" : "middle"}
        >
          {tick.label}
        </text>
      ))}
    </g>
  );
}

function Band(props: {
  drawn: Layout;
  range: Range | null;
  kind: ReadingKind;
  label: string;
}): JSX.Element | null {
  const { drawn, range, kind } = props;
  const words = rangeWords(firstCode(kind), range);
  if (!drawn.band || !drawn.bandLabel || words === null) return null;
  return (
    <g class="al-chart__band">
      <rect x={drawn.left} y={drawn.band.y} width={drawn.right - drawn.left} height={drawn.band.height} />
      <text x={drawn.bandLabel.x} y={drawn.bandLabel.y}>
        {props.label} {words}
      </text>
    </g>
  );
}

function Line(props: { line: DrawnLine; code: ValueCode; right: number }): JSX.Element {
  const { line, code } = props;
  return (
    <g class={`al-chart__line al-chart__line--${code}`}>
      {line.paths.map((path) => (
        <path key={path.slice(0, 24)} d={path} />
      ))}
      {line.dots.map((dot) =>
        dot.inRange ? (
          <circle
            key={`${String(dot.x)} ${String(dot.y)}`}
            cx={dot.x}
            cy={dot.y}
            r={dot === line.last ? 5 : 3}
          />
        ) : (
          <path
            key={`${String(dot.x)} ${String(dot.y)}`}
            class="al-chart__out"
            d={`M${String(dot.x)} ${String(dot.y - 6)}l6 6-6 6-6-6Z`}
          />
        ),
      )}
      {line.last && (
        <text class="al-chart__last" x={props.right + 8} y={line.labelY + 6} direction="ltr">
          {numberWords(code, String(line.last.value), code === "spo2")}
        </text>
      )}
    </g>
  );
}

function Table(props: { series: Series; title: string; open: boolean }): JSX.Element {
  const { series } = props;
  const newestFirst = [...series.points].reverse();
  return (
    <details class="nhsuk-details al-chart__table" open={props.open}>
      <summary class="nhsuk-details__summary">
        <span class="nhsuk-details__summary-text">{t("chart.table", { n: series.points.length })}</span>
      </summary>
      <div class="nhsuk-details__text">
        <table class="nhsuk-table">
          <caption class="nhsuk-table__caption nhsuk-u-visually-hidden">{props.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t("chart.taken")}</th>
              <th scope="col">{t(`kind.${series.kind}`)}</th>
            </tr>
          </thead>
          <tbody>
            {newestFirst.map((point) => (
              <TableRow key={point.effective_at} point={point} kind={series.kind} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function TableRow(props: { point: SeriesPoint; kind: ReadingKind }): JSX.Element {
  const { point, kind } = props;
  const at = new Date(point.effective_at);
  return (
    <tr>
      <th scope="row">
        {calendarDate(at)}, {clockTime(at)}
      </th>
      <td>
        <Reading
          kind={kind}
          values={inOrder(kind, point.values)}
          effectiveAt={point.effective_at}
          now={at}
          quality={point.quality}
          size="row"
        />
      </td>
    </tr>
  );
}
