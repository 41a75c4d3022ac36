// A typed time is the time on the wall: in summer, in winter, and on the two nights when clocks change.
import { describe, expect, it } from "vitest";
import { fieldTime, momentOf } from "./wallClock";

describe("a typed time", () => {
  it.each([
    ["2026-11-22T08:30", "2026-11-22T08:30:00.000Z"],
    ["2026-07-01T08:30", "2026-07-01T07:30:00.000Z"],
    ["2026-10-25T01:30", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25T02:00", "2026-10-25T02:00:00.000Z"],
    ["2027-03-28T00:59", "2027-03-28T00:59:00.000Z"],
    ["2027-03-28T01:30", "2027-03-28T01:30:00.000Z"],
    ["2027-03-28T02:00", "2027-03-28T01:00:00.000Z"],
  ])("%s is %s", (text, moment) => expect(momentOf(text)?.toISOString()).toBe(moment));
  it("is none when it is not whole", () => expect(momentOf("2026-11-")).toBeNull());
  it("goes back into the field as it came", () => {
    for (const text of ["2026-11-22T08:30", "2026-07-01T00:05", "2026-12-31T23:59"])
      expect(fieldTime(momentOf(text) ?? new Date(0))).toBe(text);
  });
});
