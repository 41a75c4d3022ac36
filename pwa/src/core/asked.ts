// What a form asks, as data: which fields, what each may be, and how an answer reads back on "check your answers".
import { calendarDate } from "./format";
import { t, wordFor } from "./words";

export type Draft = Record<string, string>;

export interface Question {
  /** The field's id, and the key of its words: ask.<id>, askHint.<id>, askNone.<id>. */
  id: string;
  kind: "text" | "long" | "tel" | "number" | "born" | "date" | "moment" | "radio" | "select" | "checks" | "check";
  /** The values of a radio, a select or of checks; their words are askWord.<id>.<value>. */
  values?: readonly string[];
  /** Words of the values that the server gave, such as names of people. */
  words?: Readonly<Record<string, string>>;
  /** Its words where the id has none, because the server named what is asked. */
  label?: string;
  needed?: boolean;
  most?: number;
  /** Asked only while this holds. */
  when?: (draft: Draft) => boolean;
}

export interface Wrong {
  field: string;
  words: string;
}

export const YES_NO = ["yes", "no"] as const;
export const YES_NO_UNKNOWN = ["yes", "no", "unknown"] as const;

const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DECIMAL = /^\d+(\.\d+)?$/;

/** "1946-03-09" of "1946-3-9", or null when there is no such day. */
export function dayOf(text: string): string | null {
  const found = DAY.exec(text);
  if (!found) return null;
  const [year = "", month = "", day = ""] = found.slice(1);
  const whole = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = new Date(`${whole}T12:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== whole ? null : whole;
}

export function isAsked(one: Question, draft: Draft): boolean {
  return one.when?.(draft) ?? true;
}

/** What is missing or cannot be, in the order of the page; `prefix` stands before each field's id. */
export function wrongIn(asked: readonly Question[], draft: Draft, prefix = ""): Wrong[] {
  return asked
    .filter((one) => isAsked(one, draft))
    .flatMap((one) => {
      const words = wrongWords(one, (draft[one.id] ?? "").trim());
      return words ? [{ field: prefix + one.id, words }] : [];
    });
}

function wrongWords(one: Question, said: string): string | null {
  if (!said) return one.needed ? (wordFor("askNone", one.id) ?? t("ask.none")) : null;
  if (one.kind === "born" && !isBorn(said)) return t("ask.notBorn");
  if (one.kind === "date" && !dayOf(said)) return t("ask.notDay");
  if (one.kind === "number" && !DECIMAL.test(said)) return t("ask.notNumber");
  return null;
}

function isBorn(said: string): boolean {
  const day = dayOf(said);
  return day !== null && day > "1890" && Date.parse(day) <= Date.now();
}

/** An empty answer is null: not known, or not asked. */
export function textOf(draft: Draft, id: string): string | null {
  return (draft[id] ?? "").trim() || null;
}

export function truthOf(draft: Draft, id: string): boolean | null {
  const said = draft[id];
  return said === "yes" ? true : said === "no" ? false : null;
}

export function saidTruth(value: boolean | null | undefined, isKept: boolean): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  return isKept ? "unknown" : "";
}

export function listOf(draft: Draft, id: string): string[] {
  return (draft[id] ?? "").split(",").filter(Boolean);
}

export function valueWords(one: Question, value: string): string {
  return one.words?.[value] ?? wordFor("askWord", `${one.id}.${value}`) ?? wordFor("askWord", value) ?? value;
}

/** How an answer reads back. */
export function saidWords(one: Question, draft: Draft): string {
  const said = (draft[one.id] ?? "").trim();
  if (!said) return t("ask.notSaid");
  if (one.kind === "checks") return listOf(draft, one.id).map((value) => valueWords(one, value)).join(", ");
  if (one.kind === "radio" || one.kind === "select" || one.kind === "check") return valueWords(one, said);
  const day = one.kind === "born" || one.kind === "date" ? dayOf(said) : null;
  return day ? calendarDate(new Date(`${day}T12:00:00Z`)) : said;
}
