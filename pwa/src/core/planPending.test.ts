// What waits on the phone stands over the plan, clinical text stays as it was signed, and versions follow each other.
import { describe, expect, it } from "vitest";
import { drawPlan, versionToMatch } from "./planPending";
import type { PlanShow } from "./planTasks";
import type { Queued } from "./outbox";
import type { Goal, Plan, Section, Task } from "./planTypes";

const queued = (show: PlanShow, id = "q"): Queued => ({
  id, patient: "p", what: "plan", document: null, madeAt: "2026-11-22T08:00:00Z", state: "waiting", show, problem: null,
});

const section = (more: Partial<Section>): Section => ({
  key: "matters", title: "What matters to me", kind: "text", prompt: "", agreed: null, body: { text: "My garden" }, clinical: false, private: false, version: 3,
  edited: null, signatures: [], agreed_version: null, state: "own", ...more,
});

const goal: Goal = {
  id: "g", text: "Walk to the shop", why: "", by_date: null, state: "open", steps: [], version: 2, private: false,
  edited: null,
};

const task: Task = {
  id: "t", kind: "action", text: "Breathing exercise", how: "", days: [], times: ["09:00"], remind: false,
  stopped: false, edited: null, version: 1, private: false,
  ticks: [{ due_on: "2026-11-22", due_at: "09:00", done: false, why: null, at: null, by: null }],
};

const plan = (sections: Section[]): Plan => ({
  as_of: "2026-11-22T08:00:00Z", sections, goals: [goal], todo: [task], proposals: [], documents: [], range_words: [],
  contacts: [], line: null, may: [],
  patient: { id: "p", display_name: "", birth_date: "1948-01-01", nhs_number: "" }, team: { name: "", phone: "", hours: "" }, practice: null,
});

const edit = (key: string, text: string, after = 4): PlanShow => ({
  kind: "section", section: key, title: "", body: { text }, private: false, after,
});

describe("a plan with changes that wait", () => {
  it("shows the newest words of one's own section", () => {
    const drawn = drawPlan(plan([section({})]), [queued(edit("matters", "a"), "1"), queued(edit("matters", "b", 5), "2")]);
    expect(drawn.sections[0]?.item.body).toEqual({ text: "b" });
    expect(drawn.sections[0]?.waiting?.id).toBe("2");
  });
  it("leaves another section alone", () => {
    const drawn = drawPlan(plan([section({})]), [queued(edit("helper", "a"))]);
    expect(drawn.sections[0]).toEqual({ item: section({}), waiting: null, stuck: null });
  });
  it("never draws over what a clinician signed", () => {
    const red = section({ key: "red", clinical: true, agreed_version: 3, state: "agreed" });
    const drawn = drawPlan(plan([red]), [queued(edit("red", "I wait"))]);
    expect(drawn.sections[0]?.item.body).toEqual({ text: "My garden" });
    expect(drawn.sections[0]?.waiting).not.toBeNull();
  });
  it("shows a goal that was made here, after the others", () => {
    const made = { ...goal, id: "new", version: 0 };
    const drawn = drawPlan(plan([]), [queued({ kind: "goal", goal: made, after: 1 })]);
    expect(drawn.goals.map(({ item }) => item.id)).toEqual(["g", "new"]);
  });
  it("shows a tick at its own time only, and keeps it through an edit of the task", () => {
    const tick: PlanShow = { kind: "tick", task: "t", text: "", day: "2026-11-22", time: "09:00", done: true };
    const drawn = drawPlan(plan([]), [queued(tick), queued({ kind: "task", task: { ...task, text: "x" }, after: 2 })]);
    expect(drawn.todo[0]?.item.text).toBe("x");
    expect(drawn.todo[0]?.item.ticks[0]?.done).toBe(true);
    const other: PlanShow = { ...tick, time: "18:00" };
    expect(drawPlan(plan([]), [queued(other)]).todo[0]?.item.ticks.map(({ done }) => done)).toEqual([false, true]);
  });
});

describe("the version an edit is sent with", () => {
  it.each<[number | null, PlanShow[], number | null]>([
    [null, [], null],
    [0, [], 0],
    [3, [], 3],
    [3, [edit("matters", "a", 4)], 4],
    [3, [edit("matters", "a", 4), edit("matters", "b", 5)], 5],
    [null, [{ kind: "goal", goal, after: 1 }], 1],
  ])("standing %s, waiting %j", (standing, shows, expected) => {
    expect(versionToMatch(standing, shows.map((show) => queued(show)))).toBe(expected);
  });
});
