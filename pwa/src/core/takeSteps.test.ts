// Which page comes after which, and that no question stands between a person and the words of an emergency.
import { describe, expect, it } from "vitest";
import { takenKind } from "./takeKinds";
import {
  firstMissing,
  NOTHING_TAKEN,
  oxygenToSend,
  readLitres,
  stepAfter,
  stepsOf,
  stillFresh,
  type Asking,
  type Taken,
} from "./takeSteps";

const asking = (kind: Asking["kind"], more: Partial<Asking> = {}): Asking => ({
  kind,
  codes: takenKind(null, kind).codes,
  asksOxygen: false,
  usual: {},
  ...more,
});
const taken = (values: Taken["values"], more: Partial<Taken> = {}): Taken => ({ ...NOTHING_TAKEN, values, ...more });
const usual = { systolic: { low: "110", high: "165" } };

describe("the pages", () => {
  it.each([
    [asking("blood-pressure"), taken({ systolic: "138", diastolic: "84" }), ["systolic", "diastolic", "check"]],
    [
      asking("blood-pressure", { usual }),
      taken({ systolic: "170", diastolic: "84" }),
      ["systolic", "diastolic", "again", "feel", "check"],
    ],
    [
      asking("blood-pressure", { usual }),
      taken({ systolic: "170", diastolic: "84" }, { sure: true }),
      ["systolic", "diastolic", "feel", "check"],
    ],
    // Taken again it is believed, however high.
    [
      asking("blood-pressure", { usual }),
      taken({ systolic: "170", diastolic: "84" }, { repeated: true }),
      ["systolic", "diastolic", "feel", "check"],
    ],
    [asking("blood-pressure"), taken({ systolic: "185", diastolic: "84" }), ["systolic", "diastolic", "feel", "check"]],
    [asking("spo2", { asksOxygen: true }), taken({ spo2: "93" }), ["spo2", "oxygen", "check"]],
    [asking("spo2"), taken({ spo2: "93" }), ["spo2", "check"]],
    // An emergency is asked nothing more than what its meaning depends on.
    [asking("spo2", { asksOxygen: true }), taken({ spo2: "70" }), ["spo2", "oxygen", "check"]],
    [asking("glucose"), taken({ glucose: "2.5" }), ["glucose", "check"]],
  ])("%#", (what, so_far, steps) => expect(stepsOf(what, so_far)).toEqual(steps));
  it("lead on from each", () => {
    expect(stepAfter(asking("blood-pressure"), taken({ systolic: "138" }), "systolic")).toBe("diastolic");
    expect(stepAfter(asking("blood-pressure"), taken({ systolic: "138", diastolic: "84" }), "diastolic")).toBe("check");
  });
  it("lead on from a doubt that was answered, and never back to the numbers", () => {
    const so_far = taken({ systolic: "170", diastolic: "84" }, { sure: true });
    expect(stepAfter(asking("blood-pressure", { usual }), so_far, "again")).toBe("feel");
  });
  it("lead back to what is missing", () => {
    expect(firstMissing(asking("blood-pressure"), taken({ systolic: "138" }))).toBe("diastolic");
    expect(firstMissing(asking("spo2"), taken({ spo2: "93" }))).toBeNull();
  });
});

describe("oxygen in use", () => {
  it.each([
    [taken({}), null],
    [taken({}, { oxygen: "no" }), "0"],
    [taken({}, { oxygen: "yes", litres: "1.5" }), "1.5"],
    // Not known is never air.
    [taken({}, { oxygen: "yes", litres: "unknown" }), "unknown"],
    [taken({}, { oxygen: "yes" }), "unknown"],
    [taken({}, { oxygen: "unknown" }), "unknown"],
  ])("%#", (so_far, sent) => expect(oxygenToSend(so_far)).toBe(sent));
});

it.each([
  ["", "unknown"],
  ["2", "2"],
  ["1,5", "1.5"],
  ["0", null],
  ["61", null],
  ["two", null],
])("litres typed as %j are %j", (text, read) => expect(readLitres(text)).toBe(read));

it("a number typed an hour ago is not offered as now's", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  expect(stillFresh(taken({}, { startedAt: "2026-11-22T09:10:00Z" }), now)).toBe(true);
  expect(stillFresh(taken({}, { startedAt: "2026-11-22T09:00:00Z" }), now)).toBe(false);
  expect(stillFresh(NOTHING_TAKEN, now)).toBe(true);
});
