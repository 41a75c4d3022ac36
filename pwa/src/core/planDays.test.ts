// What is due today by the wall clock of the United Kingdom, at which time, and whether it was done.
import { describe, expect, it } from "vitest";
import { dayOf, daysAfter, dueOn, laterThisWeek, weekdayCode } from "./planDays";
import type { Task } from "./planTypes";

const task = (more: Partial<Task>): Task => ({
  id: "t", kind: "action", text: "Walk", how: "", days: [], times: [], remind: false, stopped: false, version: 1,
  private: false, edited: null, ticks: [], ...more,
});

describe("days", () => {
  it("are those of the United Kingdom, through the change of the clocks", () => {
    expect(dayOf(new Date("2026-06-30T23:30:00Z"))).toBe("2026-07-01");
    expect(dayOf(new Date("2026-11-22T23:30:00Z"))).toBe("2026-11-22");
    expect(daysAfter("2026-10-24", 1)).toBe("2026-10-25");
    expect(daysAfter("2026-10-24", 2)).toBe("2026-10-26");
    expect(daysAfter("2026-12-31", 1)).toBe("2027-01-01");
    expect(weekdayCode("2026-11-22")).toBe("sun");
  });
});

describe("what is due", () => {
  const sunday = "2026-11-22";
  it("comes at each of its times, and without a time last", () => {
    const due = dueOn([task({ id: "a" }), task({ id: "b", times: ["18:00", "08:00"] })], sunday);
    expect(due.map((one) => [one.task.id, one.time])).toEqual([["b", "08:00"], ["b", "18:00"], ["a", null]]);
  });
  it("keeps to its days, and is left out once it is stopped", () => {
    expect(dueOn([task({ days: ["mon"] }), task({ stopped: true })], sunday)).toEqual([]);
    expect(laterThisWeek([task({ days: ["mon", "wed"] }), task({ id: "today" })], sunday)).toHaveLength(1);
    expect(laterThisWeek([task({ days: ["wed"] })], sunday)[0]?.day).toBe("2026-11-25");
  });
  it("is done by the last word about this time of this day", () => {
    const said = { why: null, at: null, by: null };
    const ticks = [
      { due_on: sunday, due_at: "08:00", done: true, ...said },
      { due_on: sunday, due_at: "08:00", done: false, ...said },
      { due_on: sunday, due_at: "18:00", done: true, ...said },
    ];
    const due = dueOn([task({ times: ["08:00", "18:00"], ticks })], sunday);
    expect(due.map((one) => one.tick?.done)).toEqual([false, true]);
  });
});
