// One thing now, the rest later, and nothing twice that this phone has already taken.
import { describe, expect, it } from "vitest";
import { meansEmergency } from "./checkInSend";
import { thingsToDo } from "./today";
import type { Home } from "./types";

const now = new Date("2026-11-22T08:00:00Z");
const home = (more: Partial<Home>): Home => ({ now: null, check_in: null, ...more }) as Home;
const due = (at: string | null): Home["now"] => ({ kind: "take-reading", code: "spo2", due_at: at, device: null });
const asked = { ids: ["copd", "phq9"], titles: ["Your COPD check-in", "How you feel"], questions: 15, due_at: "" };
const kinds = (found: ReturnType<typeof thingsToDo>) => [found.now?.kind ?? null, found.later.map((one) => one.kind)];

describe("the one thing now", () => {
  it.each([
    [home({}), [null, []]],
    [home({ now: due("2026-11-22T07:30:00Z") }), ["reading", []]],
    [home({ now: due(null) }), ["reading", []]],
    // Hours away it is "later", even when there is nothing else.
    [home({ now: due("2026-11-22T17:00:00Z") }), [null, ["reading"]]],
    // Early tomorrow is not "later today", however few hours away it is.
    [{ ...home({ now: due("2026-11-23T06:00:00Z") }) }, [null, []]],
    [home({ now: due("2026-11-22T07:30:00Z"), check_in: asked }), ["reading", ["check-in"]]],
    [home({ now: due("2026-11-22T17:00:00Z"), check_in: asked }), ["check-in", ["reading"]]],
  ])("%#", (what, expected) => expect(kinds(thingsToDo(what, now, [], []))).toEqual(expected));
  it("is not what was taken or answered on this phone already", () => {
    const both = home({ now: due("2026-11-22T07:30:00Z"), check_in: asked });
    expect(thingsToDo(both, now, ["spo2"], []).now).toMatchObject({ kind: "check-in", id: "copd" });
    expect(thingsToDo(both, now, ["spo2"], ["copd"]).now).toMatchObject({ id: "phq9", title: "How you feel" });
    expect(thingsToDo(both, now, ["spo2"], ["copd", "phq9"])).toEqual({ now: null, later: [] });
  });
});

it.each([
  ["Call 999 now. Sit upright.", true],
  ["Call your team now. If they are closed, call 111. If you faint again, call 999.", false],
  ["Call your team now. If they are closed, call 111.", false],
])("%s", (words, isEmergency) => expect(meansEmergency(words)).toBe(isEmergency));
