// Every word on the screen by its key, so that a missing one fails the build and another language is one file.
import type english from "../words/en.json";
import type staff from "../words/team.en.json";

type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Known = Record<string, string | Plural>;
export type WordKey = keyof typeof english | keyof typeof staff;
export type Values = Record<string, string | number>;

const known: Known = {};
// What is missing in another language is said in English rather than not at all.
let translated: Known = {};
let locale = "en-GB";
// Of the language the app is written in the rule is known; of others the browser is asked, which takes it a while.
let plural: Intl.PluralRules | null = null;
let dress = (text: string): string => text;

let bringRest: (() => Promise<{ default: Known }>) | null = null;
let rest: Promise<void> | null = null;

/** Learnt by each entry, those of its own pages only: a person's phone never downloads the team's. */
export function learnWords(more: Known, others: typeof bringRest = null): void {
  Object.assign(known, more);
  if (others) bringRest = others;
}

/** The words of every page but the first, brought once; a page that is not the first waits for them. */
export function learnRest(): Promise<void> {
  rest ??= (bringRest?.() ?? Promise.resolve({ default: {} })).then(
    (found) => learnWords(found.default),
    (cause: unknown) => {
      rest = null;
      throw cause;
    },
  );
  return rest;
}

/** Speak another language from now on; `dressing` changes each sentence, for the languages made up for tests. */
export function speak(spoken: string, words: Known, dressing = (text: string): string => text): void {
  translated = words;
  locale = spoken;
  plural = null;
  dress = dressing;
}

function pattern(key: WordKey, values: Values): string {
  const found = translated[key] ?? known[key] ?? key;
  if (typeof found === "string") return dress(found);
  return dress(found[formFor(Number(values["n"] ?? 0))] ?? found.other);
}

function formFor(n: number): Intl.LDMLPluralRule {
  if (locale === "en-GB") return n === 1 ? "one" : "other";
  return (plural ??= new Intl.PluralRules(locale)).select(n);
}

/** For the names of days and months, which the browser knows in every language. */
export function spokenLocale(): string {
  return locale;
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
