// A phone that was off for an hour promises nobody.
import { describe, expect, it } from "vitest";
import type { HomeTeam } from "./types";
import { watching } from "./watchingNow";

const team: HomeTeam = { name: "Team", phone: "01632 960 001", hours: "", watching_now: true, next_watch_at: null };
const now = new Date("2026-11-22T20:00:00Z");
const ago = (minutes: number): number => now.getTime() - minutes * 60_000;

describe("whether somebody watches now", () => {
  it.each([
    [team, ago(1), "yes"],
    [{ ...team, watching_now: false }, ago(1), "no"],
    [team, ago(16), "unknown"],
    [team, null, "unknown"],
    [null, ago(1), "unknown"],
    [{ ...team, phone: "" }, ago(1), "unknown"],
  ])("%#", (who, at, said) => expect(watching(who, at, now)).toBe(said));
});
