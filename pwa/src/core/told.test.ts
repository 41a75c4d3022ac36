// The phone never promises that somebody knows when it cannot tell.
import { describe, expect, it } from "vitest";
import { whoWasTold } from "./told";
import type { Home, HomeAlert } from "./types";

const alert: HomeAlert = {
  id: "a",
  level: "urgent",
  title: "",
  reason: "",
  true_at: "",
  opened_at: "",
  state: "open",
  seen_at: null,
  owner: null,
};
const home = (...alerts: HomeAlert[]): Home => ({ alerts }) as Partial<Home> as Home;

describe("whoWasTold", () => {
  it.each([
    ["nobody", home(), true],
    ["nobody", home(), false],
    ["nobody", home({ ...alert, state: "closed" }), true],
    ["told", home(alert), true],
    ["unknown", home(alert), false],
    ["taken", home({ ...alert, state: "claimed" }), true],
    ["unknown", home({ ...alert, state: "claimed" }), false],
    ["seen", home({ ...alert, seen_at: "2026-11-22T09:12:00Z" }), false],
  ] as const)("says %s", (told, facts, connected) => expect(whoWasTold(facts, connected)).toBe(told));
});
