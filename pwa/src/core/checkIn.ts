// Where a check-in stands: which question is next, which answer asks for help at once, and what it comes to.
import type { Answers, AnswerValue, Item, Light, Option, Questionnaire } from "./selfTypes";

/** The questions that are asked, given the answers so far: one that hangs on another comes and goes with it. */
export function askedItems(form: Questionnaire, answers: Answers): Item[] {
  return form.items.filter((item) => isAsked(item, answers));
}

function isAsked(item: Item, answers: Answers): boolean {
  if (!item.ask_if) return true;
  const given = answers[item.ask_if.item];
  return given !== undefined && given !== null && item.ask_if.in.includes(given);
}

export function isAnswered(item: Item, answers: Answers): boolean {
  const given = answers[item.id];
  return given !== undefined && given !== null && given !== "";
}

/** The question after this one; the first when there is none yet; null when the answers can be checked. */
export function nextItem(form: Questionnaire, answers: Answers, after: string | null): Item | null {
  const asked = askedItems(form, answers);
  if (after === null) return asked[0] ?? null;
  return asked[asked.findIndex((item) => item.id === after) + 1] ?? null;
}

export function previousItem(form: Questionnaire, answers: Answers, before: string): Item | null {
  const asked = askedItems(form, answers);
  return asked[asked.findIndex((item) => item.id === before) - 1] ?? null;
}

/** "Question 3 of 9", counted over what is asked now. */
export function placeOf(form: Questionnaire, answers: Answers, id: string): { n: number; of: number } {
  const asked = askedItems(form, answers);
  return { n: asked.findIndex((item) => item.id === id) + 1, of: asked.length };
}

/** The first question that still needs an answer before the check-in is whole; null when none does. */
export function firstOpen(form: Questionnaire, answers: Answers): Item | null {
  return askedItems(form, answers).find((item) => !item.optional && !isAnswered(item, answers)) ?? null;
}

export function optionsOf(item: Item, yes: string, no: string): Option[] {
  if (item.options) return item.options;
  if (item.kind !== "yes-no") return [];
  return [
    { value: "yes", words: yes },
    { value: "no", words: no },
  ];
}

/** The chosen option that is red, or null: it shows help at once, from the form alone. */
export function redOption(item: Item, answers: Answers): Option | null {
  const given = answers[item.id];
  return item.options?.find((option) => option.level === "red" && option.value === given) ?? null;
}

/** Whether the answer to the safety question asks for crisis help before anything else. */
export function asksSafety(form: Questionnaire, answers: Answers): boolean {
  if (!form.safety) return false;
  const given = answers[form.safety.item];
  return given !== undefined && given !== null && Number(given) > form.safety.over;
}

/** Only what is asked and answered is sent: an answer to a question that is asked no more is not. */
export function answersToSend(form: Questionnaire, answers: Answers): Answers {
  const found: Answers = {};
  for (const item of askedItems(form, answers)) {
    const given = answers[item.id];
    if (isAnswered(item, answers) && given !== undefined) found[item.id] = given;
  }
  return found;
}

const LIGHTS: readonly Light[] = ["green", "amber", "red"];

function worse(lights: (Light | undefined)[]): Light {
  const ranks = lights.map((light) => LIGHTS.indexOf(light ?? "green"));
  return LIGHTS[Math.max(0, ...ranks)] ?? "green";
}

/** The total, or null while a question that counts is open: a missing answer is never a nought. */
export function totalOf(form: Questionnaire, answers: Answers): number | null {
  const { kind, items } = form.scoring;
  if (kind !== "sum" && kind !== "who5") return null;
  const counted = items ?? form.items.map((item) => item.id);
  const values: (AnswerValue | null | undefined)[] = counted.map((id) => answers[id]);
  if (values.some((value) => value === undefined || value === null || value === "")) return null;
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  return kind === "who5" ? sum * 4 : sum;
}

/** What the phone may say before the service has answered: the worst colour of the answers and of the total's band. */
export function outcomeOf(form: Questionnaire, answers: Answers): { light: Light; words: string | null } {
  const chosen = askedItems(form, answers).map(
    (item) => item.options?.find((option) => option.value === answers[item.id])?.level,
  );
  const total = totalOf(form, answers);
  const band = total === null ? undefined : form.scoring.bands?.find(({ to }) => total <= to);
  return { light: worse([...chosen, band?.level]), words: band?.words ?? null };
}
