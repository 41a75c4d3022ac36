// A form that lets a missing or impossible answer through would put it into somebody's record.
import { describe, expect, it } from "vitest";
import staff from "../words/team.en.json";
import { dayOf, saidTruth, saidWords, truthOf, wrongIn, type Question } from "./asked";
import { learnWords } from "./words";

learnWords(staff);

const BORN: Question = { id: "birth_date", kind: "born", needed: true };
const LITRES: Question = { id: "oxygen_litres", kind: "number", when: (draft) => draft["home_oxygen"] === "yes" };

describe("a day", () => {
  it("is made whole, and refused when there is no such day", () => {
    expect(dayOf("1946-3-9")).toBe("1946-03-09");
    expect(dayOf("2024-2-29")).toBe("2024-02-29");
    expect(dayOf("2023-2-29")).toBeNull();
    expect(dayOf("1946--9")).toBeNull();
  });
});

describe("what is wrong in a form", () => {
  it("is what is needed and empty, and what cannot be", () => {
    expect(wrongIn([BORN], {}).map((one) => one.field)).toEqual(["birth_date"]);
    expect(wrongIn([BORN], { birth_date: "1946-3-9" })).toEqual([]);
    expect(wrongIn([BORN], { birth_date: "2999-1-1" })).toHaveLength(1);
  });
  it("is not asked of a field that is not there", () => {
    expect(wrongIn([LITRES], { oxygen_litres: "two" })).toEqual([]);
    expect(wrongIn([LITRES], { home_oxygen: "yes", oxygen_litres: "two" }, "p-")).toMatchObject([
      { field: "p-oxygen_litres" },
    ]);
  });
});

describe("a truth", () => {
  it("is never no when it is not known", () => {
    expect(truthOf({ a: "unknown" }, "a")).toBeNull();
    expect(truthOf({}, "a")).toBeNull();
    expect(truthOf({ a: "no" }, "a")).toBe(false);
    expect(saidTruth(null, true)).toBe("unknown");
    expect(saidTruth(null, false)).toBe("");
  });
  it("reads back as it was said", () => {
    expect(saidWords(BORN, { birth_date: "1946-3-9" })).toBe("9 March 1946");
    expect(saidWords(BORN, {})).toBe("Not said");
  });
});
