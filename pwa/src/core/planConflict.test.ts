// Two people changed one thing: both are said in words, and keeping both loses nothing of either.
import { describe, expect, it } from "vitest";
import type { Queued } from "./outbox";
import { chainOf, clashLines, clashOf, isSame, keepBoth } from "./planConflict";
import type { PlanShow } from "./planTasks";
import type { Goal, Task } from "./planTypes";

const queued = (show: PlanShow | null, current: unknown, state: Queued["state"] = "needs-you"): Queued => ({
  id: "q", patient: "p", what: "plan", document: null, madeAt: "2026-11-22T08:00:00Z", state, show,
  problem: { title: "", status: 412, kind: "conflict", code: "changed-meanwhile", detail: "", current },
});
const goal = (more: Partial<Goal>): Goal => ({
  id: "g", text: "Walk", why: "", by_date: null, state: "open", steps: [], version: 2, private: false, edited: null, ...more,
});
const task = (more: Partial<Task>): Task => ({
  id: "t", kind: "action", text: "Breathe", how: "", days: [], times: [], remind: false, stopped: false, version: 3,
  private: false, edited: null, ticks: [], ...more,
});

describe("a conflict", () => {
  it("is none while it only waits, or when the answer does not say what stands", () => {
    const show: PlanShow = { kind: "goal", goal: goal({}), after: 3 };
    expect(clashOf(queued(show, goal({}), "waiting"))).toBeNull();
    expect(clashOf(queued(show, undefined))).toBeNull();
    expect(clashOf(queued(null, goal({})))).toBeNull();
  });
  it("is about the newest words of its author, with all that they wrote of the same thing since", () => {
    const wrote = (id: string, document: string, text: string, state: Queued["state"]): Queued => ({
      ...queued({ kind: "goal", goal: goal({ text }), after: 3 }, goal({ text: "theirs" }), state), id, document,
    });
    const first = wrote("1", "/g", "one", "needs-you");
    const items = [wrote("0", "/g", "zero", "waiting"), first, wrote("2", "/h", "h", "waiting"), wrote("3", "/g", "three", "waiting")];
    expect(chainOf(first, items).map(({ id }) => id)).toEqual(["1", "3"]);
    expect(clashOf(first, chainOf(first, items).at(-1))).toMatchObject({ mine: { text: "three" }, theirs: { text: "theirs" } });
    expect(chainOf({ ...first, document: null }, items)).toHaveLength(1);
  });
  it("keeps the steps of both, and what either has done is done", () => {
    const step = (id: string, done_on: string | null) => ({ id, text: id, done_on });
    const mine = goal({ text: "Walk far", steps: [step("a", "2026-11-20"), step("b", null)], version: 1 });
    const theirs = goal({ steps: [step("a", null), step("c", null)], version: 5 });
    const both = keepBoth({ kind: "goal", mine, theirs });
    expect(both.kind === "goal" && both.mine).toMatchObject({
      text: "Walk Walk far", version: 5, steps: [step("a", "2026-11-20"), step("c", null), step("b", null)],
    });
  });
  it("does a thing on the days and times of both", () => {
    const both = keepBoth({
      kind: "task",
      mine: task({ days: ["mon"], times: ["18:00"], stopped: true }),
      theirs: task({ days: ["wed"], times: ["08:00"], how: "slowly" }),
    });
    expect(both.mine).toMatchObject({ days: ["wed", "mon"], times: ["08:00", "18:00"], how: "slowly", stopped: false });
    const every = keepBoth({ kind: "task", mine: task({ days: ["mon"] }), theirs: task({}) });
    expect(every.mine).toMatchObject({ days: [] });
  });
  it("says both in words, and when they are the same", () => {
    const clash = { kind: "goal" as const, mine: goal({ state: "reached" }), theirs: goal({}) };
    expect(clashLines(clash)).toEqual({ mine: ["Walk", "You have reached this goal."], theirs: ["Walk"] });
    expect(isSame(clash)).toBe(false);
    expect(isSame({ ...clash, mine: goal({}) })).toBe(true);
  });
});
