// One question after another, back without a loss, and help from the form alone.
import { describe, expect, it } from "vitest";
import {
  answersToSend,
  askedItems,
  asksSafety,
  firstOpen,
  isAnswered,
  nextItem,
  outcomeOf,
  placeOf,
  previousItem,
  redOption,
  totalOf,
} from "./checkIn";
import type { Item, Questionnaire } from "./selfTypes";

const choice = (id: string, more: Partial<Item> = {}): Item => ({
  id,
  text: `${id}?`,
  kind: "choice",
  options: [0, 1, 2, 3].map((value) => ({ value, words: String(value) })),
  ...more,
});
const form = (more: Partial<Questionnaire> = {}): Questionnaire => ({
  id: "phq2",
  version: "1",
  title: "How you feel",
  who: "person",
  private: false,
  licence: "",
  source: "",
  intro: "",
  items: [choice("1"), choice("2", { ask_if: { item: "1", in: [1, 2, 3] } }), choice("9", { optional: true })],
  scoring: { kind: "sum", items: ["1", "2"], bands: [{ to: 2, name: "low", words: "Fine." }, { to: 6, name: "high", words: "See us.", level: "amber" }] },
  next: { green: "g", amber: "a", red: "r" },
  ...more,
});

describe("the next question", () => {
  it.each([
    [{}, null, "1"],
    [{ 1: 0 }, "1", "9"],
    [{ 1: 2 }, "1", "2"],
    [{ 1: 2 }, "2", "9"],
    [{ 1: 2 }, "9", null],
  ])("%j after %s is %s", (answers, after, next) =>
    expect(nextItem(form(), answers, after)?.id ?? null).toBe(next),
  );
  it("back goes over what is not asked", () => {
    expect(previousItem(form(), { 1: 0 }, "9")?.id).toBe("1");
    expect(previousItem(form(), { 1: 2 }, "9")?.id).toBe("2");
    expect(previousItem(form(), {}, "1")).toBeNull();
  });
  it("is counted in words over what is asked", () => {
    expect(placeOf(form(), { 1: 0 }, "9")).toEqual({ n: 2, of: 2 });
    expect(placeOf(form(), { 1: 2 }, "9")).toEqual({ n: 3, of: 3 });
  });
  it("left open is found, and an optional one never is", () => {
    expect(firstOpen(form(), {})?.id).toBe("1");
    expect(firstOpen(form(), { 1: 2 })?.id).toBe("2");
    expect(firstOpen(form(), { 1: 0 })).toBeNull();
  });
});

describe("answers", () => {
  it("nought is an answer, nothing is none", () => {
    expect(isAnswered(choice("1"), { 1: 0 })).toBe(true);
    expect(isAnswered(choice("1"), {})).toBe(false);
    expect(isAnswered(choice("1"), { 1: null })).toBe(false);
    expect(isAnswered({ ...choice("1"), kind: "words" }, { 1: "" })).toBe(false);
  });
  it("to a question that is asked no more are not sent, and not forgotten", () => {
    const answers = { 1: 0, 2: 3 };
    expect(answersToSend(form(), answers)).toEqual({ 1: 0 });
    expect(askedItems(form(), { ...answers, 1: 1 }).map((item) => item.id)).toContain("2");
  });
  it("missing give no total", () => {
    expect(totalOf(form(), { 1: 3 })).toBeNull();
    expect(totalOf(form(), { 1: 3, 2: 1 })).toBe(4);
    expect(totalOf(form({ scoring: { kind: "who5", items: ["1", "2"] } }), { 1: 5, 2: 5 })).toBe(40);
  });
});

describe("help", () => {
  const red = form({
    items: [choice("b", { options: [{ value: "ok", words: "ok" }, { value: "bad", words: "bad", level: "red", do: "Call 999 now." }] })],
    scoring: { kind: "highest" },
  });
  it("comes with a red answer", () => {
    const [item] = red.items;
    expect(item && redOption(item, { b: "bad" })?.do).toBe("Call 999 now.");
    expect(item && redOption(item, { b: "ok" })).toBeNull();
    expect(outcomeOf(red, { b: "bad" }).light).toBe("red");
    expect(outcomeOf(red, { b: "ok" }).light).toBe("green");
  });
  it("is amber by the band of a total", () => {
    expect(outcomeOf(form(), { 1: 3, 2: 3 })).toEqual({ light: "amber", words: "See us." });
    expect(outcomeOf(form(), { 1: 3 })).toEqual({ light: "green", words: null });
  });
  const safe = form({ safety: { item: "9", over: 0, then: "safe-now", asks: "", words: "", lines: [], yes: "", no: "" } });
  it.each([
    [{ 9: 0 }, false],
    [{ 9: 1 }, true],
    [{ 9: 3 }, true],
    [{}, false],
    [{ 9: null }, false],
  ])("comes with any answer but not at all: %j", (answers, expected) => expect(asksSafety(safe, answers)).toBe(expected));
});
