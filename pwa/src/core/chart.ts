// Where everything on a chart stands, worked out without drawing, so that it can be tested.
import { axisDate } from "./format";

export interface ChartPoint {
  at: number;
  value: number;
}

export interface ChartLine {
  name: string;
  points: ChartPoint[];
}

export interface ChartFrame {
  width: number;
  height: number;
  from: number;
  to: number;
  range: { low: number | null; high: number | null } | null;
}

export interface Dot {
  x: number;
  y: number;
  value: number;
  inRange: boolean;
}

export interface DrawnLine {
  name: string;
  paths: string[];
  dots: Dot[];
  last: Dot | null;
  labelY: number;
}

export interface Tick {
  at: number;
  label: string;
}

export interface Layout {
  left: number;
  right: number;
  top: number;
  bottom: number;
  lines: DrawnLine[];
  band: { y: number; height: number } | null;
  /** Where the words of the band stand clear of the lines. */
  bandLabel: { x: number; y: number } | null;
  yTicks: Tick[];
  xTicks: Tick[];
}

export const MARGIN = { left: 44, right: 56, top: 14, bottom: 34 } as const;
/** A line is never drawn over more than this without a reading: a missing week must look missing. */
const GAP_MS = 3 * 86_400_000;
const LABEL_HEIGHT = 20;
const STEPS = [1, 2, 5, 10, 20, 50, 100];

/** The lowest and highest value to show, with room, never a flat line that makes noise look like change. */
export function extent(
  lines: ChartLine[],
  range: ChartFrame["range"],
): { low: number; high: number; step: number } {
  const values = lines.flatMap((line) => line.points.map((point) => point.value));
  for (const edge of [range?.low, range?.high]) if (edge !== null && edge !== undefined) values.push(edge);
  if (values.length === 0) return { low: 0, high: 1, step: 1 };
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const span = Math.max(Math.max(...values) - Math.min(...values), 4);
  const low = middle - span / 2;
  const high = middle + span / 2;
  const step = STEPS.find((size) => span / size <= 4) ?? 200;
  return {
    low: Math.floor((low - step / 4) / step) * step,
    high: Math.ceil((high + step / 4) / step) * step,
    step,
  };
}

function segments(dots: (Dot & { at: number })[]): string[] {
  const paths: string[] = [];
  let current = "";
  let previous: number | null = null;
  for (const dot of dots) {
    const gap = previous !== null && dot.at - previous > GAP_MS;
    if (gap && current.includes("L")) paths.push(current);
    const start = previous === null || gap;
    current = `${start ? "" : current}${start ? "M" : "L"}${dot.x.toFixed(1)} ${dot.y.toFixed(1)}`;
    previous = dot.at;
  }
  if (current.includes("L")) paths.push(current);
  return paths;
}

/** Labels at the line ends must not lie on each other, so the lower one moves down. */
function spreadLabels(lines: DrawnLine[], top: number, bottom: number): void {
  const ends = lines.filter((line) => line.last).sort((a, b) => a.labelY - b.labelY);
  let free = top;
  for (const line of ends) {
    line.labelY = Math.max(line.labelY, free);
    free = line.labelY + LABEL_HEIGHT;
  }
  const over = (ends.at(-1)?.labelY ?? 0) - bottom;
  if (over > 0) for (const line of ends) line.labelY -= over;
}

/** Every few pixels along the lines, to ask what a label would cover. */
function inkOf(lines: DrawnLine[]): { x: number; y: number }[] {
  return lines.flatMap(({ dots }) =>
    dots.flatMap((dot, index) => {
      const next = dots[index + 1] ?? dot;
      const count = Math.max(1, Math.ceil((next.x - dot.x) / 6));
      return Array.from({ length: count }, (_, step) => ({
        x: dot.x + ((next.x - dot.x) * step) / count,
        y: dot.y + ((next.y - dot.y) * step) / count,
      }));
    }),
  );
}

/** The spot for the band's words that covers least of the lines: under its top edge, over its bottom edge, or outside. */
export function bandLabelSpot(
  band: { y: number; height: number },
  lines: DrawnLine[],
  left: number,
  bottom: number,
): { x: number; y: number } {
  const ink = inkOf(lines);
  const low = band.y + band.height;
  const spots = [band.y + 18, low - 8, band.y - 7, low + 18].filter((y) => y >= 14 && y <= bottom - 4);
  const covered = (y: number): number =>
    ink.filter((dot) => dot.x < left + 190 && dot.y > y - 20 && dot.y < y + 8).length;
  const best = [...spots].sort((a, b) => covered(a) - covered(b))[0] ?? band.y + 18;
  return { x: left + 6, y: best };
}

function dateTicks(frame: ChartFrame, x: (at: number) => number): Tick[] {
  const count = frame.width < 420 ? 2 : 4;
  const ticks: Tick[] = [];
  for (let i = 0; i <= count; i += 1) {
    const at = frame.from + ((frame.to - frame.from) * i) / count;
    ticks.push({ at: x(at), label: axisDate(new Date(at)) });
  }
  return ticks;
}

export function layout(lines: ChartLine[], frame: ChartFrame): Layout {
  const left = MARGIN.left;
  const right = Math.max(frame.width - MARGIN.right, left + 1);
  const top = MARGIN.top;
  const bottom = frame.height - MARGIN.bottom;
  const { low, high, step } = extent(lines, frame.range);
  const x = (at: number): number => left + ((at - frame.from) / (frame.to - frame.from)) * (right - left);
  const y = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top);
  const floor = frame.range?.low ?? low;
  const ceiling = frame.range?.high ?? high;
  const drawn = lines.map((line, index) => {
    const dots = [...line.points]
      .filter((point) => point.at >= frame.from && point.at <= frame.to)
      .sort((a, b) => a.at - b.at)
      // The range belongs to the first line (for blood pressure the top number), so only it is judged.
      .map(({ at, value }) => ({
        at,
        value,
        x: x(at),
        y: y(value),
        inRange: index > 0 || (value >= floor && value <= ceiling),
      }));
    const last = dots.at(-1) ?? null;
    return { name: line.name, paths: segments(dots), dots, last, labelY: last?.y ?? 0 };
  });
  spreadLabels(drawn, top, bottom);
  const yTicks: Tick[] = [];
  for (let value = low; value <= high + step / 2; value += step)
    yTicks.push({ at: y(value), label: String(value) });
  const band = frame.range ? { y: y(ceiling), height: Math.max(y(floor) - y(ceiling), 0) } : null;
  const bandLabel = band && bandLabelSpot(band, drawn, left, bottom);
  return { left, right, top, bottom, lines: drawn, band, bandLabel, yTicks, xTicks: dateTicks(frame, x) };
}
