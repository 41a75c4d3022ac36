// Dates, times and ages read the way the NHS service manual writes them.
import { describe, expect, it } from "vitest";
import {
  ageShort,
  calendarDate,
  clockTime,
  daysBetween,
  deadline,
  exactly,
  longDay,
  nhsNumber,
  telephone,
  weekday,
  whenWords,
} from "./format";

const at = (iso: string): Date => new Date(iso);

describe("clock times", () => {
  it.each([
    ["2026-11-22T17:30:00Z", "5:30pm"],
    ["2026-11-22T17:00:00Z", "5pm"],
    ["2026-11-22T12:00:00Z", "midday"],
    ["2026-11-22T00:00:00Z", "midnight"],
    ["2026-11-22T00:36:00Z", "12:36am"],
    ["2026-11-22T12:05:00Z", "12:05pm"],
    ["2026-08-06T16:30:00Z", "5:30pm"],
  ])("%s is %s", (iso, words) => expect(clockTime(at(iso))).toBe(words));
});

describe("dates", () => {
  it("are written in full", () => {
    expect(calendarDate(at("2026-08-06T10:00:00Z"))).toBe("6 August 2026");
    expect(longDay(at("2026-11-22T10:00:00Z"))).toBe("Sunday 22 November");
    expect(weekday(at("2026-11-18T10:00:00Z"))).toBe("Wednesday");
  });
  it("count midnights, not hours", () => {
    expect(daysBetween(at("2026-11-21T23:59:00Z"), at("2026-11-22T00:01:00Z"))).toBe(1);
    expect(daysBetween(at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z"))).toBe(2);
  });
});

describe("when", () => {
  const now = at("2026-11-22T08:05:00Z");
  it.each([
    ["2026-11-22T07:00:00Z", "today, 7am"],
    ["2026-11-21T17:30:00Z", "yesterday, 5:30pm"],
    ["2026-11-18T17:30:00Z", "4 days ago"],
    ["2026-08-06T17:30:00Z", "6 August 2026"],
    ["2026-11-23T08:00:00Z", "tomorrow, 8am"],
    ["2026-11-24T08:00:00Z", "Tuesday, 8am"],
  ])("%s is %s", (iso, words) => expect(whenWords(at(iso), now)).toBe(words));
  it("has the day only when it is not today", () => {
    expect(deadline(at("2026-11-22T18:18:00Z"), now)).toBe("6:18pm");
    expect(deadline(at("2026-11-23T06:18:00Z"), now)).toBe("6:18am tomorrow");
    expect(exactly(at("2026-11-22T09:12:00Z"), now)).toBe("9:12am today");
    expect(exactly(at("2026-10-13T09:12:00Z"), now)).toBe("10:12am on 13 October 2026");
  });
});

describe("ages for a list", () => {
  it.each([
    [0, "now"],
    [59, "now"],
    [120, "2 min"],
    [7200, "2 h"],
    [86_400, "1 day"],
    [345_600, "4 days"],
  ])("%i seconds is %s", (seconds, words) => expect(ageShort(seconds)).toBe(words));
});

describe("numbers people read aloud", () => {
  it("groups an NHS number and leaves anything else alone", () => {
    expect(nhsNumber("9990000018")).toBe("999 000 0018");
    expect(nhsNumber("unknown")).toBe("unknown");
  });
  it("dials digits only", () => expect(telephone("01632 (960) 123")).toBe("tel:01632960123"));
});
