// Every word on the screen by its key, so that a missing one fails the build and another language is one file.
import english from "../words/en.json";
import type staff from "../words/team.en.json";

type Plural = { one: string; other: string };
export type WordKey = keyof typeof english | keyof typeof staff;
export type Values = Record<string, string | number>;

const known: Record<string, string | Plural> = { ...english };
const plural = new Intl.PluralRules("en-GB");

/** The words of the team's pages, learnt by the team's entry only: a person's phone never downloads them. */
export function learnWords(more: Record<string, string | Plural>): void {
  Object.assign(known, more);
}

function pattern(key: WordKey, values: Values): string {
  const found = known[key] ?? key;
  if (typeof found === "string") return found;
  const form = plural.select(Number(values["n"] ?? 0));
  return form === "one" ? found.one : found.other;
}

/** The words for `key` with {names} filled in; `n` chooses between one and many. */
export function t(key: WordKey, values: Values = {}): string {
  return pattern(key, values).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The words cut at their {names}, so that a screen can put an element, such as a reading, in the gap. */
export function pieces(key: WordKey): { text: string; name: string | null }[] {
  const parts = pattern(key, {}).split(/\{(\w+)\}/);
  return parts.map((text, index) => (index % 2 === 0 ? { text, name: null } : { text: "", name: text }));
}

/** A key made from a code of the server, or null when this version has no words for that code. */
export function wordFor(prefix: string, code: string): string | null {
  const key = `${prefix}.${code}`;
  return Object.hasOwn(known, key) ? t(key as WordKey) : null;
}
