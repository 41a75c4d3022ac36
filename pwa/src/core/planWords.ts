// The plan in words: what a section says line by line, who agreed it, who changed it, and on which days a thing is due.
import { calendarDate, clockTime } from "./format";
import { DAYS, timeWords } from "./planDays";
import { t, wordFor } from "./words";
import type {
  AdviceBody,
  ContactsBody,
  Edited,
  MedicinesBody,
  Section,
  SectionBody,
  Signature,
  Task,
} from "./planTypes";

export const isAdvice = (body: SectionBody): body is AdviceBody => "signs" in body;
export const isMedicines = (body: SectionBody): body is MedicinesBody => "medicines" in body;
export const isContacts = (body: SectionBody): body is ContactsBody => "contacts" in body;

/** Who looks: the plan says "you" to the person alone. */
export interface Viewer {
  isSelf: boolean;
  /** The person's own name, for whoever helps them. */
  name: string;
}

export function medicineWords(one: { name: string; dose: string; when: string; what_for: string }): string {
  return [[one.name, one.dose].filter(Boolean).join(" "), one.when, one.what_for].filter(Boolean).join(". ");
}

/** The section as lines, for a comparison, a history and a reader of the print. */
export function bodyLines(body: SectionBody): string[] {
  if (isAdvice(body)) return [...body.signs, ...body.do, body.call].filter(Boolean);
  if (isMedicines(body)) return body.medicines.map(medicineWords);
  if (isContacts(body))
    return body.contacts.map((one) => [one.name, one.relation, one.phone].filter(Boolean).join(", "));
  return body.text.split("\n").map((line) => line.trim()).filter(Boolean);
}

export function isEmpty(body: SectionBody): boolean {
  return bodyLines(body).length === 0;
}

/** True when the section holds nobody's words yet: only what could be written, in the pathway's words. */
export function isUnwritten(section: Pick<Section, "body" | "version" | "clinical">): boolean {
  return isEmpty(section.body) || (section.version === 0 && !section.clinical);
}

/** A text cut at its telephone numbers, so that each can be rung with one tap. */
export function cutAtNumbers(text: string): { text: string; isNumber: boolean }[] {
  const parts = text.split(/(\b(?:999|111|112)\b|(?<!\d)0\d(?: ?\d){8,9}(?!\d))/);
  return parts.map((part, index) => ({ text: part, isNumber: index % 2 === 1 })).filter((part) => part.text !== "");
}

/** Both versions in one, theirs first, nothing twice: for the person to put right before it is saved. */
export function joined(mine: SectionBody, theirs: SectionBody): SectionBody {
  if (isAdvice(mine) && isAdvice(theirs))
    return {
      signs: union(theirs.signs, mine.signs),
      do: union(theirs.do, mine.do),
      call: union([theirs.call], [mine.call]).join(" "),
    };
  if (isMedicines(mine) && isMedicines(theirs))
    return { medicines: unionBy(theirs.medicines, mine.medicines, medicineWords) };
  if (isContacts(mine) && isContacts(theirs))
    return { contacts: unionBy(theirs.contacts, mine.contacts, (one) => `${one.name} ${one.phone ?? ""}`) };
  return { text: union([textOf(theirs)], [textOf(mine)]).join("\n\n") };
}

const textOf = (body: SectionBody): string => ("text" in body ? body.text.trim() : "");
const union = (first: readonly string[], second: readonly string[]): string[] =>
  unionBy(first, second, (line) => line).filter(Boolean);

function unionBy<T>(first: readonly T[], second: readonly T[], name: (item: T) => string): T[] {
  const known = new Map<string, T>();
  for (const item of [...first, ...second]) {
    const key = name(item).trim().toLowerCase();
    if (!known.has(key)) known.set(key, item);
  }
  return [...known.values()];
}

const latest = (signatures: readonly Signature[]): Signature | undefined =>
  [...signatures].sort((a, b) => a.at.localeCompare(b.at)).at(-1);

/** "Agreed by you and Nurse Adair, 6 August 2026"; null when nobody has signed. */
export function signedWords(section: Section, viewer: Viewer): string | null {
  const last = latest(section.signatures);
  if (!last) return null;
  const date = calendarDate(new Date(last.at));
  const person = section.signatures.find(({ role }) => role === "person");
  const clinician = latest(section.signatures.filter(({ role }) => role === "clinician"));
  const who = person ? (viewer.isSelf ? t("plan.you") : person.by_name) : null;
  if (who && clinician) return t("plan.agreedBoth", { who, clinician: clinician.by_name, date });
  return t("plan.agreedOne", { who: who ?? clinician?.by_name ?? "", date });
}

/** What is still missing for the section to be agreed; null when nothing is. */
export function stateWords(section: Section, viewer: Viewer): string | null {
  if (section.state === "waiting-for-clinician") return t("plan.waitsTeam");
  if (section.state !== "waiting-for-you") return null;
  return viewer.isSelf ? t("plan.waitsYou") : t("plan.waitsPerson", { name: viewer.name });
}

/** "you", "Sam, who helps you", "Nurse Adair". */
export function byWords(by: { relation: Edited["relation"]; name: string }, viewer: Viewer): string {
  if (by.relation === "self") return viewer.isSelf ? t("plan.you") : by.name || viewer.name;
  if (by.relation === "carer" && viewer.isSelf) return t("plan.yourCarer", { name: by.name });
  return by.name || t("plan.yourTeam");
}

/** "Changed by Sam, who helps you, on 21 November 2026 at 5:30pm." */
export function changedWords(edited: Edited, viewer: Viewer): string {
  const at = new Date(edited.at);
  const words = t("plan.changedBy", {
    who: byWords(edited, viewer),
    date: calendarDate(at),
    time: clockTime(at),
  });
  if (!edited.offline || !edited.made_at) return words;
  const made = new Date(edited.made_at);
  return `${words} ${t("plan.writtenOffline", { date: calendarDate(made), time: clockTime(made) })}`;
}

/** "Every day", "Monday to Friday", "Monday and Thursday", "Saturday and Sunday". */
export function daysWords(days: readonly string[]): string {
  const chosen = DAYS.filter((day) => days.includes(day));
  if (chosen.length === 0 || chosen.length === 7) return t("days.every");
  if (chosen.join() === DAYS.slice(0, 5).join()) return t("days.weekdays");
  return listWords(chosen.map((day) => wordFor("day", day) ?? day));
}

/** "a", "a and b", "a, b and c". */
export function listWords(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "";
  return t("list.and", { first: items.slice(0, -1).join(", "), last: items.at(-1) ?? "" });
}

/** "Every day at 8am and 6pm". */
export function whenDueWords(task: Pick<Task, "days" | "times">): string {
  const days = daysWords(task.days);
  if (task.times.length === 0) return days;
  return t("due.at", { days, times: listWords(task.times.map(timeWords)) });
}
