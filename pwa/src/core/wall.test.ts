// The quick way and the browser's own must show the same time at every moment, wherever the phone is.
// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dayOf, wallOf, ZONE } from "./wall";

const HOUR_MS = 3_600_000;
const told = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" });

function shown(at: Date): string {
  const { hour, minute } = wallOf(at);
  return `${dayOf(at)} ${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

describe.each(["Europe/London", "UTC", "Asia/Karachi", "America/New_York", "Australia/Lord_Howe"])(
  "on a phone in %s",
  (zone) => {
    const before = process.env["TZ"];
    beforeEach(() => void (process.env["TZ"] = zone));
    afterEach(() => {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    });
    it("is what the browser says, in each week and in each hour round a change of the clocks", () => {
      const moments: number[] = [];
      for (let at = Date.UTC(1990, 0, 1); at < Date.UTC(2038, 0, 1); at += 7 * 24 * HOUR_MS + 59 * 60_000)
        moments.push(at);
      for (let year = 1996; year < 2038; year++)
        for (const month of [2, 9])
          for (let hour = -6; hour < 24 * 7 + 30; hour += 1)
            moments.push(Date.UTC(year, month, 24) + hour * HOUR_MS + 30 * 60_000);
      const wrong = moments.map((at) => new Date(at)).filter((at) => shown(at) !== told.format(at));
      expect(wrong.map((at) => at.toISOString())).toEqual([]);
    });
  },
);

it("has no time for what is no moment", () => {
  expect(() => wallOf(new Date(NaN))).toThrow(RangeError);
});
