// The kept year of readings, cut into the days a chart shows, so that it needs no network.
import type { Year, YearKind } from "./selfTypes";
import type { Median, ReadingKind, Series, SeriesPoint, ValueCode } from "./types";

const DAY_MS = 86_400_000;
/** A smaller difference between two medians is noise. As the service has it; the last three are Alongside defaults. */
const NOTICEABLE: Record<ReadingKind, number> = {
  "blood-pressure": 5,
  spo2: 2,
  pulse: 5,
  weight: 1,
  temperature: 0.3,
  glucose: 1,
  "peak-flow": 20,
};

/**
 * Every measurement of a kind from `since` (ms) on, oldest first. LO and HI are told apart from numbers and never drawn
 * as one. A year holds thousands, so only those that are asked for are made.
 */
export function pointsOf(kind: YearKind, since = -Infinity): SeriesPoint[] {
  if (kind.t0 === null) return [];
  const points: SeriesPoint[] = [];
  let at = Date.parse(kind.t0);
  for (const [index, minutes] of kind.dt.entries()) {
    at += minutes * 60_000;
    if (at >= since) points.push(pointAt(kind, index, at));
  }
  return points;
}

function pointAt(kind: YearKind, index: number, at: number): SeriesPoint {
  const time = new Date(at).toISOString();
  const quality = kind.bad.includes(index) ? "suspect" : "ok";
  return { effective_at: time, received_at: time, values: valuesAt(kind, index), quality, level: null };
}

function valuesAt(kind: YearKind, index: number): Partial<Record<ValueCode, string>> {
  const found: Partial<Record<ValueCode, string>> = {};
  for (const code of kind.codes) {
    const value = kind.v[code]?.[index];
    if (typeof value === "number") found[code] = String(value);
  }
  return found;
}

function middle(values: number[]): string | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const one = sorted[half];
  if (one === undefined) return null;
  const other = sorted.length % 2 === 0 ? (sorted[half - 1] ?? one) : one;
  return String(Number(((one + other) / 2).toFixed(2)));
}

function medianOf(kind: YearKind, points: SeriesPoint[]): Median | null {
  const found: Median = {};
  for (const code of kind.codes) {
    const value = middle(
      points.flatMap(({ values, quality }) =>
        values[code] === undefined || quality === "suspect" ? [] : [Number(values[code])],
      ),
    );
    if (value !== null) found[code] = value;
  }
  return Object.keys(found).length === 0 ? null : found;
}

function direction(
  name: ReadingKind,
  kind: YearKind,
  now: Median | null,
  before: Median | null,
): "higher" | "lower" | "same" | null {
  const code = kind.codes[0];
  const [is, was] = [code && now?.[code], code && before?.[code]];
  if (is === undefined || was === undefined) return null;
  const moved = Number(is) - Number(was);
  if (Math.abs(moved) < NOTICEABLE[name]) return "same";
  return moved > 0 ? "higher" : "lower";
}

/** ISO 8601 in UTC sorts as text, and far quicker than by the rules of a language. */
function byTime(a: SeriesPoint, b: SeriesPoint): number {
  if (a.effective_at === b.effective_at) return 0;
  return a.effective_at < b.effective_at ? -1 : 1;
}

/** The last `days` of a kind, with the same number of days before for the sentence; null when it was never taken. */
export function seriesFrom(year: Year, name: ReadingKind, days: number, more: SeriesPoint[] = []): Series | null {
  const kind = year.kinds[name];
  if (!kind) return null;
  const to = Date.parse(year.as_of);
  const since = new Date(to - days * DAY_MS).toISOString();
  const earlier = new Date(to - 2 * days * DAY_MS).toISOString();
  const all = [...pointsOf(kind, Date.parse(earlier)), ...more].sort(byTime);
  const points = all.filter((point) => point.effective_at >= since);
  const before = all.filter((point) => point.effective_at < since && point.effective_at >= earlier);
  const [median, previous] = [medianOf(kind, points), medianOf(kind, before)];
  return {
    as_of: year.as_of,
    kind: name,
    unit: kind.unit,
    range: kind.range,
    points,
    summary: {
      count: points.length,
      median,
      previous_median: previous,
      direction: direction(name, kind, median, previous),
    },
  };
}
