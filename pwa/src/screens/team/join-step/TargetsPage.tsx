// A clinician's own ranges for one person, which win over every pathway; where pathways disagree one has to choose.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { wrongIn, type Draft, type Question } from "../../../core/asked";
import type { Joining, LimitConflict, Target } from "../../../core/caseTypes";
import type { Range, ValueCode } from "../../../core/types";
import { t, wordFor } from "../../../core/words";
import { rangeWords } from "../../../parts/Reading";
import type { FieldError } from "../../../parts/ErrorSummary";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { choiceQuestions, choicesOf } from "../../../parts/team/ruleChoices";
import type { StepPage } from "./pages";

const CODES = ["spo2", "systolic", "diastolic", "pulse", "temperature", "respiratory-rate", "weight", "glucose", "peak-flow"];
const TARGET: Question[] = [
  { id: "target_code", kind: "select", values: CODES, needed: true },
  { id: "target_low", kind: "number", most: 6 },
  { id: "target_high", kind: "number", most: 6 },
  { id: "target_reason", kind: "text", needed: true, most: 300 },
];

const draftOf = (one: Target): Draft => ({
  target_code: one.code,
  target_low: one.low ?? "",
  target_high: one.high ?? "",
  target_reason: one.reason,
});

const bodyOf = (draft: Draft): Target => ({
  code: draft["target_code"] ?? "",
  low: (draft["target_low"] ?? "").trim() || null,
  high: (draft["target_high"] ?? "").trim() || null,
  reason: (draft["target_reason"] ?? "").trim(),
});

/** What was said before, and an empty row for each value on which the pathways disagree. */
function begin(joining: Joining): Draft[] {
  const said = joining.steps.pathways?.limits ?? [];
  const open = joining.conflicts.filter((one) => !said.some((limit) => limit.code === one.code));
  return [...said.map(draftOf), ...open.map((one) => ({ target_code: one.code }))];
}

function wrongRanges(drafts: readonly Draft[]): FieldError[] {
  return drafts.flatMap((draft, index) => {
    const prefix = `t${String(index)}-`;
    const wrong: FieldError[] = wrongIn(TARGET, draft, prefix);
    const { low, high } = bodyOf(draft);
    if (low === null && high === null) wrong.push({ field: `${prefix}target_low`, words: t("join.noRange") });
    else if (low !== null && high !== null && Number(low) >= Number(high))
      wrong.push({ field: `${prefix}target_low`, words: t("join.badRange") });
    return wrong;
  });
}

export function TargetsPage(props: StepPage): JSX.Element {
  const { joining, changing, save, go } = props;
  const [drafts, setDrafts] = useState<Draft[]>(begin(joining));
  const [chosen, setChosen] = useState<Draft>({});
  const questions = choiceQuestions(joining.rule_conflicts);
  const said = joining.steps.pathways;
  if (!said)
    return (
      <p>
        {t("join.pathwaysFirst")} <a href={`/team/join/${joining.id}/pathways`}>{t("join.pathwaysFirstLink")}</a>
      </p>
    );
  const submit = async (): Promise<void> => {
    const wrong = [...wrongIn(questions, chosen), ...wrongRanges(drafts)];
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const choices = [...said.choices, ...choicesOf(joining.rule_conflicts, chosen)];
    const saved = await save("pathways", { ...said, limits: drafts.map(bodyOf), choices });
    if (saved) go(saved.patient ? "kit" : undefined);
  };
  const set = (index: number, part: Draft): void =>
    setDrafts(drafts.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.save")} onSubmit={() => void submit()}>
      <Conflicts conflicts={joining.conflicts} />
      <Choosing {...{ questions, chosen, changing }} onChange={(part) => setChosen({ ...chosen, ...part })} />
      <p>{t("join.targetsIntro")}</p>
      {drafts.map((draft, index) => (
        <OneTarget
          key={index}
          {...{ draft, index, changing }}
          onChange={(part) => set(index, part)}
          onRemove={() => setDrafts(drafts.filter((_, at) => at !== index))}
        />
      ))}
      <button class="al-button al-button--quiet al-ask__add" type="button" onClick={() => setDrafts([...drafts, {}])}>
        {t(drafts.length > 0 ? "join.addTargetAnother" : "join.addTarget")}
      </button>
    </AskForm>
  );
}

interface OneTargetProps {
  draft: Draft;
  index: number;
  changing: StepPage["changing"];
  onChange: (part: Draft) => void;
  onRemove: () => void;
}

function OneTarget(props: OneTargetProps): JSX.Element {
  const { draft, index } = props;
  return (
    <section class="al-kit-form" aria-label={targetWords(draft, index)}>
      <Asked
        asked={TARGET}
        draft={draft}
        errors={props.changing.errors}
        prefix={`t${String(index)}-`}
        onChange={props.onChange}
      />
      <button
        class="al-link-button"
        type="button"
        aria-label={t("join.removeLong", { who: targetWords(draft, index) })}
        onClick={props.onRemove}
      >
        {t("join.remove")}
      </button>
    </section>
  );
}

interface ChoosingProps {
  questions: readonly Question[];
  chosen: Draft;
  changing: StepPage["changing"];
  onChange: (part: Draft) => void;
}

/** What the pathways set differently for a rule: one of their values, and why. */
function Choosing(props: ChoosingProps): JSX.Element | null {
  const { questions, chosen, changing, onChange } = props;
  if (questions.length === 0) return null;
  return (
    <section class="al-kit-form" aria-label={t("choice.title")}>
      <p>
        <strong>{t("choice.intro")}</strong>
      </p>
      <Asked asked={[...questions]} draft={chosen} errors={changing.errors} onChange={onChange} />
    </section>
  );
}

function targetWords(draft: Draft, index: number): string {
  const code = draft["target_code"];
  return code ? codeWords(code) : t("join.target", { number: index + 1 });
}

const codeWords = (code: string): string => wordFor("code", code) ?? wordFor("askWord", code) ?? code;

/** "Oxygen: 88% to 92% says COPD; 94% to 98% says Heart failure." Never the stricter of two, chosen by a program. */
export function Conflicts(props: { conflicts: readonly LimitConflict[] }): JSX.Element | null {
  if (props.conflicts.length === 0) return null;
  return (
    <div class="nhsuk-inset-text al-conflict">
      <p>
        <strong>{t("join.conflict")}</strong>
      </p>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {props.conflicts.map((one) => (
          <li key={one.code}>
            {t("join.conflictOf", { what: codeWords(one.code) })}{" "}
            {one.ranges.map((range) => saysWords(one.code, range)).join("; ")}.
          </li>
        ))}
      </ul>
    </div>
  );
}

function saysWords(code: string, range: Range): string {
  const known = ["spo2", "systolic", "diastolic", "pulse", "weight"].includes(code);
  const words = known ? rangeWords(code as ValueCode, range) : null;
  const plain = [range.low, range.high].filter((end) => end !== null).join(" to ");
  return t("join.conflictSays", { range: words ?? plain, source: range.source });
}
