// Every word is used, every gap can be filled, and the words keep to the style of the NHS service manual.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reachedEver } from "../../build/words";
import person from "../words/en.json";
import staff from "../words/team.en.json";
import { pieces, t, wordFor } from "./words";

const english = { ...person, ...staff };

const root = join(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.tsx?$/.test(name) && !name.includes(".test."),
);
const source = files.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
const keys = Object.keys(english);

const entries = files.filter((name) => ["main.tsx", "sw.ts"].includes(name) || /^screens\/[^/]+\/screen\.tsx$/.test(name));
const phone = reachedEver(entries.map((name) => join(root, name)));
const words = Object.values(english).flatMap((entry) =>
  typeof entry === "string" ? [entry] : Object.values(entry),
);

/** Keys built from a code of the server, such as `outcome.${code}`, count as used by their beginning. */
const prefixesIn = (text: string): string[] => [
  ...[...text.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? ""),
  ...[...text.matchAll(/wordFor\("([\w.-]+)"/g)].map((match) => `${match[1] ?? ""}.`),
];
const prefixes = prefixesIn(source);
const onPhone = prefixesIn(phone);

describe("the words", () => {
  it("stand once, either the team's or everybody's", () => {
    expect(Object.keys(staff).filter((key) => Object.hasOwn(person, key))).toEqual([]);
  });
  it("of a person's phone are those its pages use, and no other", () => {
    const isUsed = (key: string): boolean =>
      phone.includes(`"${key}"`) || onPhone.some((prefix) => key.startsWith(prefix));
    expect(Object.keys(person).filter((key) => !isUsed(key))).toEqual([]);
    expect(Object.keys(staff).filter((key) => phone.includes(`"${key}"`))).toEqual([]);
  });
  it("are all used somewhere", () => {
    const unused = keys.filter(
      (key) =>
        !source.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
  it("have one and many with the same gaps", () => {
    for (const entry of Object.values(english)) {
      if (typeof entry !== "string") expect(Object.keys(entry)).toEqual(["one", "other"]);
    }
  });
  it("never use a dash between two words or a time with a full stop", () => {
    for (const text of words) expect(text).not.toMatch(/[\u2013\u2014]|\d\.\d\d ?[ap]m|please/iu);
  });
  it.each(Object.entries(NOT_SO))("hold no %s", (_name, pattern) => {
    expect(words.filter((text) => pattern.test(text.replace(/\{\w+\}/g, "")))).toEqual([]);
  });
  it("of a person's phone hold no word of the trade", () => {
    expect(sentences(person).filter((text) => TRADE.test(text))).toEqual([]);
  });
  it("of a person's phone have no sentence over 25 words, and are read at 11 on the whole", () => {
    const said = sentences(person).flatMap((text) => text.split(/(?<=[.?!])\s+/));
    expect(said.filter((text) => text.split(/\s+/).length > 25)).toEqual([]);
    const age = readingAge(said.filter((text) => text.split(/\s+/).length > 3));
    console.info(`Words of the person's app: reading age ${age.toFixed(1)} (Flesch-Kincaid grade and 5)`);
    expect(age).toBeLessThanOrEqual(11);
  });
});

/** What the NHS service manual writes in another way. */
const NOT_SO: Record<string, RegExp> = {
  "24-hour clock": /\b\d{1,2}:\d{2}(?! ?[ap]m)\b/,
  "noon or 12am": /\bnoon\b|\b12 ?[ap]m\b/i,
  "date in figures": /\b\d{1,2}\/\d{1,2}(\/\d{2,4})?\b/,
  "month cut short": /\b\d{1,2} (Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b/,
  "Latin or clicking": /\be\.g\.|\bi\.e\.|\betc\b|\bvia\b|\bclick\b/i,
  "blame": /\binvalid\b|\billegal\b|\byou failed\b/i,
};
/** Words of staff and of programmers, which somebody of 78 has no use for. */
const TRADE =
  /\b(patient|user(?! ?name)|hypox\w*|tachy\w*|hypertens\w*|hypogly\w*|parameter|vitals?|escalat\w*|triage|synchron\w*|cache|token|device id|utili[sz]e|commence|prior to|regarding|in order to)\b/i;

function sentences(from: Record<string, string | Record<string, string>>): string[] {
  return Object.values(from).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
}

/** Flesch-Kincaid: roughly right, so it is a limit for the whole and no judge of a sentence. */
function readingAge(said: readonly string[]): number {
  const all = said.flatMap((text) => text.replace(/\{\w+\}/g, "word").match(/[A-Za-z']+/g) ?? []);
  const syllables = all.reduce((sum, word) => {
    const found = word.toLowerCase().replace(/e$/, "").match(/[aeiouy]+/g);
    return sum + Math.max(1, found?.length ?? 1);
  }, 0);
  return 0.39 * (all.length / said.length) + 11.8 * (syllables / all.length) - 15.59 + 5;
}

describe("t", () => {
  it("fills gaps and chooses one or many", () => {
    expect(t("bar.new", { n: 1 })).toBe("1 new");
    expect(t("bar.new", { n: 2 })).toBe("2 new");
    expect(t("row.by", { time: "5pm" })).toBe("contact by 5pm");
  });
  it("cuts a sentence where an element goes", () => {
    expect(pieces("tile.range")).toEqual([
      { text: "Your range is ", name: null },
      { text: "", name: "range" },
      { text: ".", name: null },
    ]);
  });
  it("says nothing for a code it does not know", () => {
    expect(wordFor("status", "live")).toBe("live");
    expect(wordFor("status", "toString")).toBeNull();
  });
});
