// Changing one part of somebody's plan for the team: at the version that was seen, and what was typed is never lost.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { cleanBody, startingBody } from "../../../core/planBodies";
import type { Plan, Section, SectionBody } from "../../../core/planTypes";
import { changedWords, isUnwritten } from "../../../core/planWords";
import { planDrafts, teamPlanOf } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { Body } from "../../../parts/plan/Body";
import { BodyFields } from "../../../parts/plan/BodyFields";
import { AskForm, NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange } from "../../../parts/team/useChange";

export const address = "/team/person/:id/plan/edit/:section";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const key = params["section"] ?? "";
  const view = useResource(useMemo(() => teamPlanOf(id), [id]));
  const plan = view.body;
  const section = plan?.sections.find((one) => one.key === key);
  const name = plan?.patient.display_name;
  return (
    <Page
      title={section ? section.title : t("teamPlan.title")}
      caption={name}
      header={<TeamHeader />}
      back={{ href: `/team/person/${id}/plan`, words: t("teamPlan.title") }}
    >
      {plan ? (
        <Found key={key} plan={plan} section={section} />
      ) : (
        <NotThere view={view} refused="teamPlan.refused" />
      )}
    </Page>
  );
}

function Found(props: { plan: Plan; section: Section | undefined }): JSX.Element {
  const { plan, section } = props;
  return section ? <Form plan={plan} section={section} /> : <p>{t("edit.noSection")}</p>;
}

interface Edit {
  body: SectionBody;
  /** The version that was on the screen when somebody began to write. */
  base: number;
}

interface Editing extends Edit {
  change: (body: SectionBody) => void;
  /** Says that what stands now has been seen beside the words typed here. */
  goOn: (version: number) => void;
  forget: () => void;
}

function useEditing(name: string, section: Section): Editing {
  const [value, setValue] = useState<Edit>(() => {
    const body = isUnwritten(section) ? { text: "" } : section.body;
    const kept = planDrafts.get(name) as Edit | undefined;
    return kept ?? { body: startingBody({ kind: section.kind, body }), base: section.version };
  });
  const keep = (next: Edit): void => {
    planDrafts.set(name, next);
    setValue(next);
  };
  return {
    ...value,
    change: (body) => keep({ ...value, body }),
    goOn: (base) => keep({ ...value, base }),
    forget: () => void planDrafts.delete(name),
  };
}

function Form(props: { plan: Plan; section: Section }): JSX.Element {
  const { plan, section } = props;
  const { route } = useLocation();
  const editing = useEditing(`${plan.patient.id}/${section.key}`, section);
  const changing = useChange(["signs", "do", "call", "text"]);
  const save = async (): Promise<void> => {
    const answer = await changing.send({
      path: `/patients/${plan.patient.id}/plan/sections/${encodeURIComponent(section.key)}`,
      body: { body: cleanBody(editing.body) },
      version: editing.base,
      method: "PUT",
    });
    await teamPlanOf(plan.patient.id).pull();
    if (answer.kind !== "done") return;
    editing.forget();
    route(`/team/person/${plan.patient.id}/plan`);
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("edit.save")} onSubmit={() => void save()}>
      {section.clinical && <p class="al-notice">{clinicalWords(plan)}</p>}
      {section.private && <p class="al-mark">{t("teamPlan.hidden")}</p>}
      <Meanwhile plan={plan} section={section} editing={editing} />
      <BodyFields
        body={editing.body}
        title={section.title}
        prompt={section.prompt}
        errors={changing.errors}
        onChange={editing.change}
      />
    </AskForm>
  );
}

function clinicalWords(plan: Plan): string {
  const name = plan.patient.display_name;
  return plan.may.includes("agree") ? t("teamPlan.editSigns", { name }) : t("teamPlan.editNurse", { name });
}

/** Somebody else's newer words, shown before anything may be saved over them. */
function Meanwhile(props: { plan: Plan; section: Section; editing: Editing }): JSX.Element | null {
  const { plan, section, editing } = props;
  if (editing.base === section.version) return null;
  const viewer = { isSelf: false, name: plan.patient.display_name };
  return (
    <div class="al-new" role="status">
      <p class="al-signed">{t("teamPlan.meanwhile")}</p>
      {section.edited && <p>{changedWords(section.edited, viewer)}</p>}
      <Body body={section.body} />
      <button class="al-button al-button--quiet" type="button" onClick={() => editing.goOn(section.version)}>
        {t("teamPlan.goOn")}
      </button>
    </div>
  );
}
