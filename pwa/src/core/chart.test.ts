// A chart shows what was measured: a missing week looks missing, and noise is not stretched into change.
import { describe, expect, it } from "vitest";
import { extent, layout, type ChartFrame } from "./chart";

const DAY = 86_400_000;
const frame: ChartFrame = { width: 400, height: 260, from: 0, to: 14 * DAY, range: { low: 88, high: 92 } };
const line = (values: [number, number][]) => [
  { name: "spo2", points: values.map(([day, value]) => ({ at: day * DAY, value })) },
];

describe("layout", () => {
  it("puts earlier to the left and higher on top", () => {
    const [drawn] = layout(
      line([
        [1, 88],
        [13, 94],
      ]),
      frame,
    ).lines;
    expect(drawn?.dots[0]?.x).toBeLessThan(drawn?.dots[1]?.x ?? 0);
    expect(drawn?.dots[0]?.y).toBeGreaterThan(drawn?.dots[1]?.y ?? 0);
  });
  it("breaks the line where readings are missing for more than 3 days", () => {
    expect(
      layout(
        line([
          [0, 90],
          [1, 90],
          [6, 90],
          [7, 90],
        ]),
        frame,
      ).lines[0]?.paths,
    ).toHaveLength(2);
    expect(
      layout(
        line([
          [0, 90],
          [2, 90],
          [4, 90],
        ]),
        frame,
      ).lines[0]?.paths,
    ).toHaveLength(1);
  });
  it("marks what is outside the person's own range", () => {
    const dots =
      layout(
        line([
          [1, 87],
          [2, 88],
          [3, 92],
          [4, 93],
        ]),
        frame,
      ).lines[0]?.dots ?? [];
    expect(dots.map((dot) => dot.inRange)).toEqual([false, true, true, false]);
  });
  it("judges only the first line of two by the range", () => {
    const lines = [...line([[1, 150]]), { name: "diastolic", points: [{ at: DAY, value: 60 }] }];
    const drawn = layout(lines, { ...frame, range: { low: 100, high: 145 } }).lines;
    expect(drawn.map((item) => item.dots[0]?.inRange)).toEqual([false, true]);
  });
  it("keeps the labels of two line ends apart", () => {
    const lines = [...line([[14, 90]]), { name: "pulse", points: [{ at: 14 * DAY, value: 90 }] }];
    const [first, second] = layout(lines, frame).lines;
    expect(Math.abs((first?.labelY ?? 0) - (second?.labelY ?? 0))).toBeGreaterThanOrEqual(20);
  });
  it("leaves out what is older than the span and sorts what comes in any order", () => {
    const dots =
      layout(
        line([
          [9, 91],
          [-2, 90],
          [3, 89],
        ]),
        frame,
      ).lines[0]?.dots ?? [];
    expect(dots.map((dot) => dot.value)).toEqual([89, 91]);
  });
  it("has no band without a range and stays inside the drawing", () => {
    const drawn = layout(line([[1, 90]]), { ...frame, range: null });
    expect(drawn.band).toBeNull();
    expect(drawn.lines[0]?.dots[0]?.y).toBeGreaterThanOrEqual(drawn.top);
  });
  it("puts the words of the band clear of the line", () => {
    const drawn = layout(
      line([
        [0, 92],
        [1, 92],
        [2, 92],
        [3, 92],
        [4, 92],
        [5, 92],
      ]),
      frame,
    );
    expect(Math.abs((drawn.bandLabel?.y ?? 0) - (drawn.lines[0]?.dots[0]?.y ?? 0))).toBeGreaterThan(20);
  });
});

describe("extent", () => {
  it("never makes a steady value look like a storm", () => {
    const { low, high } = extent(
      line([
        [1, 90],
        [2, 91],
      ]),
      null,
    );
    expect(high - low).toBeGreaterThanOrEqual(4);
  });
  it("has room for the range itself", () => {
    const { low, high } = extent(line([[1, 90]]), { low: null, high: 145 });
    expect(high).toBeGreaterThan(145);
    expect(low).toBeLessThanOrEqual(90);
  });
  it("copes with nothing", () => expect(extent([], null)).toEqual({ low: 0, high: 1, step: 1 }));
});
