// A wrong-way number hurts people: the order of digits, the unit, the age and the strike are pinned here.
import { render } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import type { ReadingValue, ValueCode } from "../core/types";
import { inOrder, isStale, rangeWords, Reading, valuesWords } from "./Reading";

const now = new Date("2026-11-22T08:05:00Z");
const v = (code: ValueCode, value: string | null, special: string | null = null): ReadingValue => ({
  code,
  value,
  special,
  unit: "",
});
const bp = [v("systolic", "138"), v("diastolic", "84")];
const range = (low: string | null, high: string | null) => ({ low, high, source: "" });

describe("values in words", () => {
  it.each([
    [bp, "138 over 84"],
    [[v("spo2", "93")], "93%"],
    [[v("weight", "71.2")], "71.2 kg"],
    [[v("pulse", "72")], "72 beats a minute"],
    [[v("spo2", null, "LO")], "Too low for the device to read"],
    [[v("weight", null, "HI")], "Too high for the device to read"],
    [[v("pulse", null, "not-a-number")], "The device gave no number"],
    [[v("systolic", null, "HI"), v("diastolic", "84")], "Too high for the device to read"],
    [[v("systolic", "138"), v("diastolic", null, "LO")], "138 over no number"],
    [[], "No reading"],
  ])("%j is %s", (values, words) => expect(valuesWords(values)).toBe(words));
  it("never show a zero for an unknown", () => expect(valuesWords([v("spo2", null)])).not.toContain("0"));
  it("put the top number first whatever order they came in", () => {
    expect(valuesWords(inOrder("blood-pressure", { diastolic: "84", systolic: "138" }))).toBe("138 over 84");
  });
});

describe("ranges in words", () => {
  it.each([
    [rangeWords("spo2", range("88", "92")), "88% to 92%"],
    [rangeWords("systolic", range(null, "145")), "under 145"],
    [rangeWords("weight", range("70.0", null)), "70.0 kg or more"],
    [rangeWords("pulse", null), null],
    [rangeWords("pulse", range(null, null)), null],
  ])("%s", (words, expected) => expect(words).toBe(expected));
});

describe("Reading", () => {
  const draw = (more: object) =>
    render(
      <Reading kind="blood-pressure" values={bp} effectiveAt="2026-11-21T17:30:00Z" now={now} {...more} />,
    );
  it("is a left-to-right island with its age beside it", () =>
    expect(draw({})).toMatchInlineSnapshot(
      `"<span class="al-reading al-reading--large" data-kind="blood-pressure"><span class="al-reading__value"><bdi dir="ltr">138 over 84</bdi></span><time class="al-reading__age" datetime="2026-11-21T17:30:00Z">yesterday, 5:30pm</time></span>"`,
    ));
  it("says that it is old before it shows the struck value", () =>
    expect(draw({ stale: true })).toMatchInlineSnapshot(
      `"<span class="al-reading al-reading--large" data-kind="blood-pressure"><span class="al-reading__old">Old reading </span><s class="al-reading__value"><bdi dir="ltr">138 over 84</bdi></s><time class="al-reading__age" datetime="2026-11-21T17:30:00Z">yesterday, 5:30pm</time></span>"`,
    ));
  it("doubts in words", () => expect(draw({ quality: "suspect" })).toContain("This reading looks unusual"));
});

describe("isStale", () => {
  const tile = {
    kind: "spo2",
    values: [],
    effective_at: "2026-11-22T07:00:00Z",
    received_at: null,
    age_s: 0,
    stale: false,
    stale_after_s: 3600,
    source: "device",
    quality: "ok",
    state: "in-range",
    level: null,
    range: null,
  } as const;
  it("is judged again on a phone that lost its network", () => {
    expect(isStale({ ...tile, values: [] }, new Date("2026-11-22T07:59:00Z"))).toBe(false);
    expect(isStale({ ...tile, values: [] }, new Date("2026-11-22T08:01:00Z"))).toBe(true);
  });
});
