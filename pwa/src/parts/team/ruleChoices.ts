// What pathways set differently for one person, as questions: each value with the pathway that says it, and why.
import type { Draft, Question } from "../../core/asked";
import type { RuleChoice, RuleConflict } from "../../core/caseTypes";
import { t, wordFor } from "../../core/words";

const ruleWords = (rule: string): string => wordFor("ruleName", rule) ?? rule.replaceAll("_", " ");
const nameWords = (name: string): string => wordFor("ruleParameter", name) ?? name.replaceAll("_", " ");
const idOf = (one: RuleConflict): string => `choice-${one.rule}-${one.name}`;

function labelOf(key: "choice.which" | "choice.why", one: RuleConflict): string {
  return t(key, { name: nameWords(one.name), rule: ruleWords(one.rule) });
}

/** "24 (Frailty and falls, Low mood)": a value once, with everybody who says it. */
function valueWords(one: RuleConflict): Record<string, string> {
  const said = new Map<string, string[]>();
  for (const { value, source } of one.values) said.set(value, [...(said.get(value) ?? []), source]);
  return Object.fromEntries(
    [...said].map(([value, sources]) => [value, t("choice.value", { value, source: sources.join(", ") })]),
  );
}

/** Two questions for each: which value, and why. No answer stands before somebody gives one. */
export function choiceQuestions(conflicts: readonly RuleConflict[]): Question[] {
  return conflicts.flatMap((one): Question[] => {
    const words = valueWords(one);
    return [
      { id: idOf(one), kind: "radio", values: Object.keys(words), words, label: labelOf("choice.which", one), needed: true },
      { id: `${idOf(one)}-reason`, kind: "text", label: labelOf("choice.why", one), needed: true, most: 300 },
    ];
  });
}

/** What was chosen, as it is sent. */
export function choicesOf(conflicts: readonly RuleConflict[], draft: Draft): RuleChoice[] {
  return conflicts.map((one) => ({
    rule: one.rule,
    name: one.name,
    value: draft[idOf(one)] ?? "",
    reason: (draft[`${idOf(one)}-reason`] ?? "").trim(),
  }));
}
