// Every word is used, every gap can be filled, and the words keep to the style of the NHS service manual.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import person from "../words/en.json";
import staff from "../words/team.en.json";
import { learnWords, pieces, t, wordFor } from "./words";

const english = { ...person, ...staff };
learnWords(staff);

const root = join(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.tsx?$/.test(name) && !name.includes(".test."),
);
const source = files.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
const keys = Object.keys(english);

/** What a person's phone downloads: everything their entry leads to. */
function reached(from: readonly string[]): string {
  const found = new Map<string, string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    const text = readFileSync(file, "utf8");
    found.set(file, text);
    for (const [, path = ""] of text.matchAll(/(?:from|import) "(\.[^"]+)"/g)) {
      const at = resolve(dirname(file), path);
      const next = [`${at}.ts`, `${at}.tsx`].find((one) => existsSync(one));
      if (next) visit(next);
    }
  };
  from.forEach(visit);
  return [...found.values()].join("\n");
}
const entries = files.filter((name) => ["main.tsx", "sw.ts"].includes(name) || /^screens\/[^/]+\/screen\.tsx$/.test(name));
const phone = reached(entries.map((name) => join(root, name)));
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
});

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
