// The battery's charge as a small trend: drawn like every chart, with its last value on it and a table below.
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { axisDate, calendarDate, clockTime } from "../../../core/format";
import type { KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { useWidth } from "../../../parts/hooks";

type Point = KitDetail["battery_history"][number];

const HEIGHT = 200;
/** As for every chart: narrower than this the table says more than a drawing. */
const NARROWEST = 200;
const LEAST_MS = 86_400_000;

export function BatteryChart(props: { points: Point[]; now: Date }): JSX.Element {
  const { points } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 340);
  const fits = width >= NARROWEST && points.length > 1;
  return (
    <figure class={`al-chart${fits ? "" : " al-chart--words"}`}>
      <div class="al-chart__box" ref={box}>
        {fits && <Drawing points={points} now={props.now} width={width} />}
      </div>
      <details class="nhsuk-details al-chart__table" open={!fits}>
        <summary class="nhsuk-details__summary">
          <span class="nhsuk-details__summary-text">{t("story.table", { n: points.length })}</span>
        </summary>
        <div class="nhsuk-details__text">
          <Table points={points} />
        </div>
      </details>
    </figure>
  );
}

interface Dot {
  x: number;
  y: number;
  pct: number;
}

const MARGIN = { left: 44, right: 62, top: 14, bottom: 34 } as const;
/** A line is never drawn over more than this without a word from the device: a missing week must look missing. */
const GAP_MS = 3 * LEAST_MS;

/** Always nought to a hundred, so that a battery that loses little does not look as if it were failing. */
function place(points: Point[], from: number, to: number, width: number): { dots: Dot[]; path: string } {
  const right = width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  let path = "";
  let before: number | null = null;
  const dots = [...points]
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ at, pct }) => {
      const moment = Date.parse(at);
      const x = MARGIN.left + ((moment - from) / (to - from)) * (right - MARGIN.left);
      const y = bottom - (pct / 100) * (bottom - MARGIN.top);
      const joined = before !== null && moment - before <= GAP_MS;
      path += `${joined ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      before = moment;
      return { x, y, pct };
    });
  return { dots, path };
}

function Drawing(props: { points: Point[]; now: Date; width: number }): JSX.Element {
  const { points, width } = props;
  const to = props.now.getTime();
  const from = Math.min(...points.map((point) => Date.parse(point.at)), to - LEAST_MS);
  const { dots, path } = useMemo(() => place(points, from, to, width), [points, from, to, width]);
  const last = dots.at(-1);
  return (
    <svg
      class="al-chart__svg"
      viewBox={`0 0 ${String(width)} ${String(HEIGHT)}`}
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={`${t("story.battery")}. ${t("chart.tableBelow")}`}
    >
      <Axes from={from} to={to} width={width} />
      <g class="al-chart__line">
        <path d={path} />
        {last && (
          <>
            <circle cx={last.x} cy={last.y} r={5} />
            <text class="al-chart__last" x={width - MARGIN.right + 8} y={last.y + 6} direction="ltr">
              {t("unit.percent", { value: last.pct })}
            </text>
          </>
        )}
      </g>
    </svg>
  );
}

function Axes(props: { from: number; to: number; width: number }): JSX.Element {
  const right = props.width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  return (
    <g class="al-chart__axes">
      {[0, 50, 100].map((pct) => {
        const y = bottom - (pct / 100) * (bottom - MARGIN.top);
        return (
          <g key={pct}>
            <line x1={MARGIN.left} x2={right} y1={y} y2={y} />
            <text x={MARGIN.left - 8} y={y + 5} text-anchor="end" direction="ltr">
              {pct}
            </text>
          </g>
        );
      })}
      <text x={MARGIN.left} y={bottom + 24}>
        {axisDate(new Date(props.from))}
      </text>
      <text x={right} y={bottom + 24} text-anchor="end">
        {axisDate(new Date(props.to))}
      </text>
    </g>
  );
}

function Table(props: { points: Point[] }): JSX.Element {
  return (
    <table class="nhsuk-table">
      <caption class="nhsuk-table__caption nhsuk-u-visually-hidden">{t("story.battery")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("story.at")}</th>
          <th scope="col">{t("story.left")}</th>
        </tr>
      </thead>
      <tbody>
        {props.points.map((point) => (
          <tr key={point.at}>
            <th scope="row">
              {calendarDate(new Date(point.at))}, {clockTime(new Date(point.at))}
            </th>
            <td>
              <bdi dir="ltr">{t("unit.percent", { value: point.pct })}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
