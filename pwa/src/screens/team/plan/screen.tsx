// A person's plan for the team: what waits for somebody's signature first, then every part as it stands.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import type { Plan } from "../../../core/planTypes";
import { teamPlanOf } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { Documents } from "../../../parts/plan/Documents";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { Proposals } from "./Proposals";
import { SectionPart } from "./SectionPart";
import { Doing, Goals } from "./Things";

export const address = "/team/person/:id/plan";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => teamPlanOf(id), [id]));
  const plan = view.body;
  return (
    <Page
      title={t("teamPlan.title")}
      caption={plan?.patient.display_name}
      header={<TeamHeader />}
      back={{ href: `/team/person/${id}`, words: plan?.patient.display_name ?? t("person.title") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {plan ? <Whole plan={plan} /> : <NotThere view={view} refused="teamPlan.refused" />}
    </Page>
  );
}

function Whole(props: { plan: Plan }): JSX.Element {
  const { plan } = props;
  const waiting = plan.sections.filter((one) => one.state === "waiting-for-clinician" && one.version > 0);
  const rest = plan.sections.filter((one) => !waiting.includes(one));
  return (
    <>
      <Proposals plan={plan} />
      {waiting.length > 0 && (
        <section aria-labelledby="waiting-title">
          <h2 class="al-section" id="waiting-title">
            {t("teamPlan.waiting")}
          </h2>
          {!plan.may.includes("agree") && <p class="al-quiet">{t("teamPlan.clinicianAgrees")}</p>}
          <div class="al-parts">
            {waiting.map((one) => (
              <SectionPart key={one.key} section={one} plan={plan} />
            ))}
          </div>
        </section>
      )}
      <section aria-labelledby="plan-parts-title">
        <h2 class="al-section" id="plan-parts-title">
          {t("teamPlan.parts")}
        </h2>
        <div class="al-parts">
          {rest.map((one) => (
            <SectionPart key={one.key} section={one} plan={plan} />
          ))}
          <Goals goals={plan.goals} />
          <Doing todo={plan.todo} />
        </div>
      </section>
      <Documents documents={plan.documents} />
    </>
  );
}
