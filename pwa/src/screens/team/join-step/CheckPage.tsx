// Check your answers: all that was said on one page, each with a way back, before it becomes somebody's record.
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { isAsked, saidWords, type Draft, type Question } from "../../../core/asked";
import { boardWords, pathwayChoices } from "../../../core/caseload";
import type { Contact, Joining, Target } from "../../../core/caseTypes";
import { nhsNumber } from "../../../core/format";
import { t, wordFor } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { AskForm, SaidList, type Said } from "../../../parts/team/CaseParts";
import { boardAsked, CONSENT, FACTS, HOME, NEEDS, REACH, WHO } from "../../../parts/team/joinAsked";
import { boardDraft, consentDraft, factsDraft, homeDraft, identityDraft, needsDraft } from "../../../parts/team/joinBodies";
import { pathOf, stepWords, type Step } from "../../../parts/team/joinSteps";
import type { StepPage } from "./pages";

export function CheckPage(props: StepPage): JSX.Element {
  const { joining, changing, save, go } = props;
  const register = async (): Promise<void> => {
    const saved = await save("register", {});
    if (saved) go(saved.conflicts.length + saved.rule_conflicts.length > 0 ? "targets" : undefined);
  };
  const answers = <Answers joining={joining} />;
  if (joining.patient)
    return (
      <>
        <p>{t("join.registered")}</p>
        {answers}
        <p>
          <a class="al-button" href={pathOf(joining.id, "kit")}>
            {t("join.toKit")}
          </a>
        </p>
      </>
    );
  if (joining.missing.length > 0)
    return (
      <>
        <Missing joining={joining} />
        {answers}
      </>
    );
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.register")} onSubmit={() => void register()}>
      {answers}
      <p>{t("join.registerWords")}</p>
    </AskForm>
  );
}

const STEP_OF: Record<string, Step> = { identity: "nhs-number" };

function Missing(props: { joining: Joining }): JSX.Element {
  return (
    <div class="nhsuk-inset-text">
      <p>{t("join.missing")}</p>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {props.joining.missing.map(({ step, words }) => (
          <li key={step}>
            <a href={pathOf(props.joining.id, STEP_OF[step] ?? step)}>{words}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Part(props: { joining: Joining; step: Step; children: ComponentChildren }): JSX.Element {
  const { joining, step } = props;
  return (
    <section class="al-said" aria-labelledby={`said-${step}`}>
      <div class="al-said__top">
        <h2 class="al-said__title" id={`said-${step}`}>
          {stepWords(step)}
        </h2>
        {!joining.patient && (
          <a class="al-said__change" href={`${pathOf(joining.id, step)}?back=check`}>
            {t("join.change")}
            <span class="nhsuk-u-visually-hidden"> {stepWords(step)}</span>
          </a>
        )}
      </div>
      {props.children}
    </section>
  );
}

function rowsOf(asked: readonly Question[], draft: Draft): Said[] {
  return asked
    .filter((one) => isAsked(one, draft))
    .map((one) => ({ name: wordFor("ask", one.id) ?? one.id, words: saidWords(one, draft) }));
}

/** What nobody knows of many facts is one line: the ones that are known must not drown. */
function known(rows: Said[]): Said[] {
  const empty = [t("ask.notSaid"), wordFor("askWord", "unknown")];
  return [
    ...rows.filter((row) => !empty.includes(row.words)),
    { name: t("join.allElse"), words: t("ask.notSaid") },
  ];
}

function Answers(props: { joining: Joining }): JSX.Element {
  const { joining } = props;
  const { steps } = joining;
  const board = useResource(useMemo(boardWords, []));
  const part = (step: Step, rows: Said[]): JSX.Element => (
    <Part joining={joining} step={step}>
      <SaidList rows={rows} />
    </Part>
  );
  const number = steps.identity ? nhsNumber(steps.identity.nhs_number) : t("ask.notSaid");
  const contacts = (steps.contacts?.contacts ?? []).map(contactRow);
  const facts = rowsOf(FACTS, factsDraft(steps.facts));
  return (
    <>
      {part("nhs-number", [{ name: t("join.number"), words: number }])}
      {part("who", rowsOf(WHO, identityDraft(steps.identity)))}
      {part("reach", rowsOf(REACH, identityDraft(steps.identity)))}
      {part("contacts", [...rowsOf(HOME, homeDraft(steps.contacts)), ...contacts])}
      {part("needs", rowsOf(NEEDS, needsDraft(steps.needs)))}
      {part("consent", rowsOf(CONSENT, consentDraft(steps.consent)))}
      <Others joining={joining} part={part} />
      {part("facts", known(facts))}
      {board.body && part("board", known(rowsOf(boardAsked(board.body), boardDraft(steps.board))))}
    </>
  );
}

function contactRow(one: Contact): Said {
  const words = [one.name, one.phone, one.tell ? t("join.isTold") : null].filter(Boolean).join(", ");
  return { name: wordFor("askWord", `relation.${one.relation}`) ?? one.relation, words };
}

function Others(props: { joining: Joining; part: (step: Step, rows: Said[]) => JSX.Element }): JSX.Element {
  const { steps } = props.joining;
  const choices = useResource(useMemo(pathwayChoices, []));
  const titles = (steps.pathways?.pathways ?? []).map(
    (name) => choices.body?.rows.find((one) => one.pathway === name)?.title ?? name,
  );
  const targets = (steps.pathways?.limits ?? []).map(targetWords);
  const helpers = (steps.consent?.proxies ?? []).map(
    (one) => `${one.name}, ${wordFor("askWord", `basis.${one.basis}`) ?? one.basis}`,
  );
  const row = (name: string, said: string[]): Said[] => [{ name, words: said.join("; ") || t("join.none") }];
  return (
    <>
      {props.part("helpers", row(t("join.helpersSaid"), helpers))}
      {props.part("pathways", row(t("join.pathwaysSaid"), titles))}
      {props.part("targets", row(t("join.targetsSaid"), targets))}
    </>
  );
}

function targetWords(one: Target): string {
  const code = wordFor("code", one.code) ?? wordFor("askWord", one.code) ?? one.code;
  return t("join.targetSaid", { code, range: rangeOf(one), reason: one.reason });
}

function rangeOf(one: Target): string {
  if (one.low && one.high) return t("range.between", { low: one.low, high: one.high });
  return one.high ? t("range.under", { high: one.high }) : t("range.over", { low: one.low ?? "" });
}
