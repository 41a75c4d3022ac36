// What may be typed, what is asked again, and what is never stopped: tables of cases.
import { describe, expect, it } from "vitest";
import type { TakenCode } from "./selfTypes";
import { areSwapped, doubtOf, levelOf, readTyped } from "./typed";

const systolic: TakenCode = {
  code: "systolic",
  unit: "mm[Hg]",
  step: "1",
  hard: ["40", "300"],
  soft: ["70", "230"],
  range: null,
  bands: [
    { from: "40", to: "90", level: "urgent" },
    { from: "180", to: "300", level: "urgent" },
  ],
};
const diastolic: TakenCode = {
  ...systolic,
  code: "diastolic",
  hard: ["20", "200"],
  soft: ["40", "140"],
  bands: [{ from: "120", to: "200", level: "soon" }],
};
const heat: TakenCode = {
  ...systolic,
  code: "temperature",
  unit: "Cel",
  step: "0.1",
  hard: ["25", "45"],
  soft: ["34", "41.5"],
};
const glucose: TakenCode = {
  ...systolic,
  code: "glucose",
  step: "0.1",
  hard: ["0.3", "60"],
  soft: ["1.1", "33.3"],
  bands: [
    { from: "0.3", to: "2.9", level: "emergency" },
    { from: "3", to: "3.9", level: "urgent" },
  ],
};

describe("a typed number", () => {
  it.each([
    [systolic, "138", { ok: true, value: "138" }],
    [systolic, " 138 ", { ok: true, value: "138" }],
    [systolic, "0138", { ok: true, value: "138" }],
    [systolic, "", { ok: false, why: "empty" }],
    [systolic, "abc", { ok: false, why: "unreadable" }],
    [systolic, "138/84", { ok: false, why: "unreadable" }],
    [systolic, "-138", { ok: false, why: "unreadable" }],
    [systolic, "1e3", { ok: false, why: "unreadable" }],
    [systolic, "138.5", { ok: false, why: "whole" }],
    [systolic, "39", { ok: false, why: "impossible" }],
    [systolic, "301", { ok: false, why: "impossible" }],
    [systolic, "300", { ok: true, value: "300" }],
    [heat, "36,6", { ok: true, value: "36.6" }],
    [heat, "98.6", { ok: false, why: "fahrenheit" }],
    [heat, "366", { ok: false, why: "impossible" }],
    [glucose, "0.4", { ok: true, value: "0.4" }],
  ])("%#: %j", (code, text, expected) => expect(readTyped(code, text)).toEqual(expected));
});

describe("a soft doubt", () => {
  const usual = { low: "110", high: "165" };
  it.each([
    [systolic, "138", usual, null],
    [systolic, "198", usual, { side: "higher", than: "usual" }],
    [systolic, "98", usual, { side: "lower", than: "usual" }],
    [systolic, "165", usual, null],
    [systolic, "198", undefined, null],
    [systolic, "231", undefined, { side: "higher", than: "expected" }],
    [systolic, "69", undefined, { side: "lower", than: "expected" }],
  ])("%#", (code, value, range, expected) =>
    expect(doubtOf(code, value, range)).toEqual(expected),
  );
  it("never stops what is possible", () => {
    expect(readTyped(systolic, "198")).toEqual({ ok: true, value: "198" });
  });
});

describe("what it means", () => {
  const both = [systolic, diastolic];
  it.each([
    [{ systolic: "138", diastolic: "84" }, null],
    [{ systolic: "180", diastolic: "84" }, "urgent"],
    [{ systolic: "179", diastolic: "120" }, "soon"],
    [{ systolic: "190", diastolic: "125" }, "urgent"],
    [{ systolic: "90", diastolic: "60" }, "urgent"],
  ])("%j is %s", (values, level) => expect(levelOf(both, values)).toBe(level));
  it("is an emergency under 3 and urgent under 4", () => {
    expect(levelOf([glucose], { glucose: "2.9" })).toBe("emergency");
    expect(levelOf([glucose], { glucose: "3.9" })).toBe("urgent");
    expect(levelOf([glucose], { glucose: "4" })).toBeNull();
  });
  it("is never judged between two steps as fine", () => {
    expect(levelOf([glucose], { glucose: "2.95" })).toBe("emergency");
    expect(levelOf([glucose], { glucose: "3.95" })).toBe("urgent");
  });
});

describe("two fields mixed up", () => {
  it.each([
    [{ systolic: "84", diastolic: "138" }, true],
    [{ systolic: "138", diastolic: "138" }, true],
    [{ systolic: "138", diastolic: "84" }, false],
    [{ systolic: "138" }, false],
  ])("%j", (values, expected) => expect(areSwapped(values)).toBe(expected));
});
