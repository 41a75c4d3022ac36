// A change that came sealed and met another one is decided as any other: with both versions in words.
import { expect, it } from "vitest";
import { heldShow } from "./heldShow";
import { clashLines, clashOf } from "./planConflict";
import type { Queued } from "./outbox";

const problem = { title: "", status: 412, kind: "conflict" as const, code: "changed-meanwhile", detail: "" };

function held(path: string, body: Record<string, unknown>, current: object): Queued {
  const base = { id: "h", patient: "p", madeAt: "2026-11-20T08:05:00Z", state: "needs-you" as const, document: path };
  return { ...base, what: "plan", show: heldShow(path, body, current) ?? body, problem: { ...problem, current } };
}

it("shows what was written in a part of the plan on a shared phone beside what stands now", () => {
  const current = { key: "matters", title: "What matters to me", version: 7, body: { text: "Theirs" }, edited: null };
  const queued = held("/patients/p/plan/sections/matters", { body: { text: "Mine" }, private: true }, current);
  const clash = clashOf(queued);
  expect(clash && clashLines(clash)).toEqual({ mine: ["Mine"], theirs: ["Theirs"] });
  expect(queued.show).toMatchObject({ kind: "section", section: "matters", title: "What matters to me", after: 8 });
});

it("does so for a goal and for a thing to do, under the ids that stand in their addresses", () => {
  const goal = { text: "Walk to the gate", why: "", by_date: null, state: "open", steps: [], private: false };
  const clash = clashOf(held("/patients/p/goals/g-1", goal, { ...goal, id: "g-1", text: "Walk far", version: 2, edited: null }));
  expect(clash && clashLines(clash)).toEqual({ mine: ["Walk to the gate"], theirs: ["Walk far"] });
  const task = { kind: "action", text: "Drink", how: "", days: [], times: [], remind: false, stopped: false, private: false };
  const drink = clashOf(held("/patients/p/todo/t-1", task, { ...task, id: "t-1", text: "Drink more", version: 4, ticks: [] }));
  expect(drink?.kind === "task" && [drink.mine.id, drink.mine.text, drink.theirs.text]).toEqual(["t-1", "Drink", "Drink more"]);
});

it("leaves a signature to be given anew, and knows nothing of what is not of the plan", () => {
  const path = "/patients/p/plan/sections/red/agree";
  expect(heldShow(path, {}, { title: "Red", version: 3 })).toEqual({ kind: "agree", section: "red", title: "Red", after: 3 });
  expect(heldShow("/patients/p/readings", { kind: "weight" }, undefined)).toBeNull();
  expect(heldShow("/patients/p/todo/t-1/ticks", { done: true }, undefined)).toBeNull();
});
