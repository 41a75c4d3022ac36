// A plan in words: who agreed, who changed what, when a thing is due, and two versions joined without a loss.
import { describe, expect, it } from "vitest";
import { cleanBody, startingBody } from "./planBodies";
import { timeWords } from "./planDays";
import { bodyLines, changedWords, cutAtNumbers, daysWords, isUnwritten, joined, signedWords, stateWords, whenDueWords } from "./planWords";
import type { Section, Signature } from "./planTypes";

const person: Signature = { by_name: "Ada Example", role: "person", at: "2026-08-05T10:00:00Z" };
const nurse: Signature = { by_name: "Nurse Adair", role: "clinician", at: "2026-08-06T10:00:00Z" };
const section = (more: Partial<Section>): Section => ({
  key: "red", title: "Red", kind: "advice", prompt: "", body: { text: "" }, clinical: true, private: false, version: 2,
  edited: null, signatures: [], agreed_version: null, agreed: null, state: "own", ...more,
});
const self = { isSelf: true, name: "Ada Example" };
const carer = { isSelf: false, name: "Ada Example" };

describe("who agreed", () => {
  it.each([
    [[person, nurse], self, "Agreed by you and Nurse Adair, 6 August 2026."],
    [[person, nurse], carer, "Agreed by Ada Example and Nurse Adair, 6 August 2026."],
    [[person], self, "Agreed by you, 5 August 2026."],
    [[nurse], self, "Agreed by Nurse Adair, 6 August 2026."],
    [[], self, null],
  ])("%#", (signatures, viewer, expected) => {
    expect(signedWords(section({ signatures }), viewer)).toBe(expected);
  });
  it("says who is still to agree, to each in their own words", () => {
    expect(stateWords(section({ state: "waiting-for-clinician" }), self)).toBe("Waiting for your team to agree.");
    expect(stateWords(section({ state: "waiting-for-you" }), self)).toBe("Waiting for you to agree.");
    expect(stateWords(section({ state: "waiting-for-you" }), carer)).toBe("Waiting for Ada Example to agree.");
    expect(stateWords(section({ state: "agreed" }), self)).toBeNull();
  });
});

describe("who changed it", () => {
  const edited = { by: "x", relation: "carer" as const, name: "Sam", at: "2026-11-21T17:30:00Z", made_at: null, offline: false };
  it("names a carer to the person, and says when it was written without a signal", () => {
    expect(changedWords(edited, self)).toBe("Changed on 21 November 2026 at 5:30pm by Sam, who helps you.");
    const late = { ...edited, relation: "self" as const, made_at: "2026-11-20T08:00:00Z", offline: true };
    expect(changedWords(late, self)).toBe(
      "Changed on 21 November 2026 at 5:30pm by you. Written without a signal on 20 November 2026 at 8am.",
    );
  });
});

describe("when it is due", () => {
  it.each([
    [[], "Every day"],
    [["mon", "tue", "wed", "thu", "fri"], "Monday to Friday"],
    [["thu", "mon"], "Monday and Thursday"],
    [["mon", "wed", "fri"], "Monday, Wednesday and Friday"],
  ])("%j", (days, expected) => expect(daysWords(days)).toBe(expected));
  it.each([
    ["00:00", "midnight"], ["12:00", "midday"], ["08:00", "8am"], ["17:30", "5:30pm"], ["00:05", "12:05am"],
  ])("%s is %s", (time, expected) => expect(timeWords(time)).toBe(expected));
  it("says days and times in one", () => {
    expect(whenDueWords({ days: [], times: ["08:00", "18:00"] })).toBe("Every day at 8am and 6pm");
  });
});

describe("two versions in one", () => {
  it("keeps every line of both, once", () => {
    const mine = { signs: ["I cough", "I am tired"], do: ["Rest"], call: "The team" };
    const theirs = { signs: ["i cough "], do: ["Two puffs"], call: "The team" };
    expect(joined(mine, theirs)).toEqual({ signs: ["i cough ", "I am tired"], do: ["Two puffs", "Rest"], call: "The team" });
    expect(joined({ text: "a" }, { text: "b" })).toEqual({ text: "b\n\na" });
    expect(joined({ text: " a" }, { text: "a" })).toEqual({ text: "a" });
  });
  it("keeps both doses of one medicine, for the person to put right", () => {
    const one = (dose: string) => ({ medicines: [{ name: "Ramipril", dose, when: "", what_for: "" }] });
    expect(bodyLines(joined(one("5mg"), one("10mg")))).toEqual(["Ramipril 10mg", "Ramipril 5mg"]);
  });
});

describe("numbers to ring", () => {
  it.each([
    ["Nobody needs to be called.", []],
    ["999", ["999"]],
    ["The team on 01632 960100, 8am to 8pm. At night, 111.", ["01632 960100", "111"]],
    ["07700 900123 or 07700900124", ["07700 900123", "07700900124"]],
    ["Room 1119, 2026", []],
  ])("%s", (text, expected) => {
    const parts = cutAtNumbers(text);
    expect(parts.filter(({ isNumber }) => isNumber).map((part) => part.text)).toEqual(expected);
    expect(parts.map((part) => part.text).join("")).toBe(text);
  });
});

describe("a body", () => {
  it("is nobody's words while only the pathway says what could stand there", () => {
    expect(isUnwritten({ body: { text: "What I do on a good day" }, version: 0, clinical: false })).toBe(true);
    expect(isUnwritten({ body: { signs: ["a"], do: [], call: "" }, version: 0, clinical: true })).toBe(false);
    expect(isUnwritten({ body: { text: "My garden" }, version: 1, clinical: false })).toBe(false);
  });
  it("begins with its fields, and is sent without empty lines", () => {
    expect(startingBody({ kind: "advice", body: { text: "" } })).toEqual({ signs: [], do: [], call: "" });
    expect(cleanBody({ signs: [" a ", ""], do: ["", "b"], call: " c " })).toEqual({ signs: ["a"], do: ["b"], call: "c" });
    expect(cleanBody({ contacts: [{ name: "", relation: "x", phone: "1" }] })).toEqual({ contacts: [] });
  });
});
