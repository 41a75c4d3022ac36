// The pages that ask one list of questions and save it: who, how to reach them, needs, consent, and the board's.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { wrongIn, type Draft, type Question } from "../../../core/asked";
import { boardWords, numberOf } from "../../../core/caseload";
import type { Joining } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { boardAsked, CONSENT, NEEDS, REACH, WHO } from "../../../parts/team/joinAsked";
import {
  boardBody,
  boardDraft,
  consentBody,
  consentDraft,
  identityBody,
  identityDraft,
  needsBody,
  needsDraft,
} from "../../../parts/team/joinBodies";
import type { StepPage } from "./pages";

interface Plan {
  asked: readonly Question[];
  begin: Draft;
  /** Where and what is sent. */
  path: string;
  body: (draft: Draft) => unknown;
  intro?: string;
  onSaved?: (joining: Joining) => boolean;
}

function Questions(props: StepPage & { plan: Plan }): JSX.Element {
  const { plan, changing, save, go } = props;
  const [draft, setDraft] = useState<Draft>(plan.begin);
  const submit = async (): Promise<void> => {
    const wrong = wrongIn(plan.asked, draft);
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const saved = await save(plan.path, plan.body(draft));
    if (saved && !plan.onSaved?.(saved)) go();
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.save")} onSubmit={() => void submit()}>
      {plan.intro && <p>{plan.intro}</p>}
      <Asked
        asked={plan.asked}
        draft={draft}
        errors={changing.errors}
        onChange={(part) => setDraft((had) => ({ ...had, ...part }))}
      />
    </AskForm>
  );
}

export function WhoPage(props: StepPage): JSX.Element {
  const said = props.joining.steps.identity;
  const number = numberOf(props.joining);
  if (!number)
    return (
      <p>
        {t("join.numberGone")} <a href={`/team/join/${props.joining.id}/nhs-number`}>{t("join.numberAgain")}</a>
      </p>
    );
  const plan: Plan = {
    asked: WHO,
    begin: identityDraft(said),
    path: "identity",
    body: (draft) => identityBody(draft, number, said),
  };
  return <Questions {...props} plan={plan} />;
}

export function ReachPage(props: StepPage): JSX.Element {
  const said = props.joining.steps.identity;
  if (!said)
    return (
      <p>
        {t("join.whoFirst")} <a href={`/team/join/${props.joining.id}/who`}>{t("join.whoFirstLink")}</a>
      </p>
    );
  const plan: Plan = {
    asked: REACH,
    begin: identityDraft(said),
    path: "identity",
    body: (draft) => identityBody(draft, said.nhs_number, said),
  };
  return <Questions {...props} plan={plan} />;
}

export function NeedsPage(props: StepPage): JSX.Element {
  const plan: Plan = {
    asked: NEEDS,
    begin: { language: "en", ...needsDraft(props.joining.steps.needs) },
    path: "needs",
    body: needsBody,
  };
  return <Questions {...props} plan={plan} />;
}

export function ConsentPage(props: StepPage): JSX.Element {
  const said = props.joining.steps.consent;
  const plan: Plan = {
    asked: CONSENT,
    begin: consentDraft(said),
    path: "consent",
    body: (draft) => consentBody(draft, said),
    intro: t("join.consentIntro"),
    onSaved: (joining) => {
      if (joining.steps.consent?.monitoring !== false) return false;
      location.assign(`/team/join-decline/${joining.id}`);
      return true;
    },
  };
  return <Questions {...props} plan={plan} />;
}

export function BoardPage(props: StepPage): JSX.Element {
  const view = useResource(useMemo(boardWords, []));
  if (!view.body) return <p>{t(view.asked ? "kitList.nothingKept" : "cases.opening")}</p>;
  const plan: Plan = {
    asked: boardAsked(view.body),
    begin: boardDraft(props.joining.steps.board),
    path: "board",
    body: boardBody,
    intro: t("join.boardIntro"),
  };
  return <Questions {...props} plan={plan} />;
}
