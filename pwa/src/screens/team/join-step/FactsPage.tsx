// The facts that change what a value means: those the chosen pathways need stand first, the rest waits below.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { wrongIn, type Draft } from "../../../core/asked";
import { pathwayChoices } from "../../../core/caseload";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { FACTS } from "../../../parts/team/joinAsked";
import { factsBody, factsDraft } from "../../../parts/team/joinBodies";
import { Disclosure } from "../../../parts/team/KitParts";
import type { FieldError } from "../../../parts/ErrorSummary";
import type { StepPage } from "./pages";

/** Home oxygen is asked of everybody: unknown is never air. */
const ALWAYS = ["home_oxygen", "oxygen_litres"];

export function FactsPage(props: StepPage): JSX.Element {
  const { joining, changing, save, go } = props;
  const [draft, setDraft] = useState<Draft>(factsDraft(joining.steps.facts));
  const choices = useResource(useMemo(pathwayChoices, []));
  const mine = joining.steps.pathways?.pathways ?? [];
  const chosen = (choices.body?.rows ?? []).filter((one) => mine.includes(one.pathway));
  const names = new Set(chosen.flatMap((one) => one.facts_needed).map((fact) => fact.replaceAll("-", "_")));
  const first = FACTS.filter((one) => ALWAYS.includes(one.id) || names.has(one.id));
  const rest = FACTS.filter((one) => !first.includes(one));
  const missing = (): FieldError[] =>
    first
      .filter((one) => (one.when?.(draft) ?? true) && !(draft[one.id] ?? "").trim())
      .map((one) => ({ field: one.id, words: t("join.noFact") }));
  const submit = async (): Promise<void> => {
    const wrong = [...missing(), ...wrongIn(FACTS, draft)];
    changing.fail(wrong);
    if (wrong.length > 0) return;
    if (await save("facts", factsBody(draft))) go(joining.patient ? "live" : undefined);
  };
  const same = {
    draft,
    errors: changing.errors,
    onChange: (part: Draft) => setDraft((had) => ({ ...had, ...part })),
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.save")} onSubmit={() => void submit()}>
      <p>
        {chosen.length > 0
          ? t("join.factsFor", { pathways: chosen.map((one) => one.title).join(", ") })
          : t("join.factsNoPathway")}
      </p>
      <Asked asked={first.map((one) => ({ ...one, needed: true }))} {...same} />
      {names.has("spo2_target") && !hasTarget(props) && (
        <div class="nhsuk-inset-text">
          <p>
            {t("join.needsTarget")} <a href={`/team/join/${joining.id}/targets`}>{t("join.needsTargetLink")}</a>
          </p>
        </div>
      )}
      <Disclosure summary={t("join.moreFacts")}>
        <Asked asked={rest} {...same} />
      </Disclosure>
    </AskForm>
  );
}

function hasTarget(props: StepPage): boolean {
  return (props.joining.steps.pathways?.limits ?? []).some((one) => one.code === "spo2");
}
