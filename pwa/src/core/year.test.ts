// The columns of the year become the days of a chart: nothing moved, nothing invented, nothing lost.
import { describe, expect, it } from "vitest";
import type { Year, YearKind } from "./selfTypes";
import { pointsOf, seriesFrom } from "./year";

const bp: YearKind = {
  unit: "mm[Hg]",
  codes: ["systolic", "diastolic"],
  t0: "2026-11-01T08:00:00Z",
  dt: [0, 1440, 20160, 60],
  v: { systolic: [150, 152, 138, "HI"], diastolic: [90, null, 84, 80] },
  src: "ddpc",
  bad: [1],
  range: { low: null, high: "145", source: "Nurse One" },
  usual: {},
  stale_after_s: 1,
};
const year: Year = { as_of: "2026-11-22T08:05:00Z", asks_oxygen: false, kinds: { "blood-pressure": bp } };

describe("the columns", () => {
  it("add up the minutes and keep what is missing missing", () => {
    expect(pointsOf(bp).map(({ effective_at, values, quality }) => [effective_at, values, quality])).toEqual([
      ["2026-11-01T08:00:00.000Z", { systolic: "150", diastolic: "90" }, "ok"],
      ["2026-11-02T08:00:00.000Z", { systolic: "152" }, "suspect"],
      ["2026-11-16T08:00:00.000Z", { systolic: "138", diastolic: "84" }, "ok"],
      // What the cuff called HI is no number and is never drawn as one.
      ["2026-11-16T09:00:00.000Z", { diastolic: "80" }, "ok"],
    ]);
  });
  it("are made only from when they are asked for", () => {
    const since = Date.parse("2026-11-16T08:00:00Z");
    expect(pointsOf(bp, since)).toEqual(pointsOf(bp).slice(2));
  });
  it("of nothing are no points", () => expect(pointsOf({ ...bp, t0: null, dt: [] })).toEqual([]));
});

describe("a series from the year", () => {
  it("has the days asked for and compares with as many before", () => {
    const series = seriesFrom(year, "blood-pressure", 14);
    expect(series?.points).toHaveLength(2);
    expect(series?.summary).toEqual({
      count: 2,
      median: { systolic: "138", diastolic: "82" },
      // A doubted measurement counts in no median.
      previous_median: { systolic: "150", diastolic: "90" },
      direction: "lower",
    });
  });
  it("says nothing of a kind that was never taken", () => expect(seriesFrom(year, "spo2", 14)).toBeNull());
  it("draws what is not sent yet at its own time", () => {
    const waiting = {
      effective_at: "2026-11-22T08:00:00.000Z",
      received_at: "",
      values: { systolic: "140", diastolic: "85" },
      quality: "ok" as const,
      level: null,
    };
    expect(seriesFrom(year, "blood-pressure", 14, [waiting])?.points.at(-1)).toBe(waiting);
  });
  it("compares with nothing when there is nothing before", () => {
    expect(seriesFrom(year, "blood-pressure", 90)?.summary.direction).toBeNull();
  });
});
