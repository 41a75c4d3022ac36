// One part of the plan for the team: its words, whose they are and who signed them, and signing them here.
import type { JSX } from "preact";
import type { Plan, Section } from "../../../core/planTypes";
import { changedWords, isUnwritten, signedWords } from "../../../core/planWords";
import { teamPlanOf } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { ErrorSummary } from "../../../parts/ErrorSummary";
import { Body } from "../../../parts/plan/Body";
import { useChange } from "../../../parts/team/useChange";

export interface PartProps {
  section: Section;
  plan: Plan;
}

export function SectionPart(props: PartProps): JSX.Element {
  const { section } = props;
  const none = isUnwritten(section);
  return (
    <article class="al-card al-part" aria-labelledby={`part-${section.key}`} data-section={section.key}>
      <h3 class="al-part__title" id={`part-${section.key}`}>
        {section.title}
      </h3>
      {section.private && <p class="al-mark">{t("teamPlan.hidden")}</p>}
      {none ? <p class="al-quiet">{t("teamPlan.unwritten")}</p> : <Words section={section} />}
      {!none && <Signed {...props} />}
      <Agree {...props} />
      <Ways {...props} />
    </article>
  );
}

/** What both have signed counts until the newer words are signed too. */
function Words(props: { section: Section }): JSX.Element {
  const { section } = props;
  if (!section.agreed)
    return (
      <>
        {section.version === 0 && <p class="al-quiet">{t("teamPlan.pathwayWords")}</p>}
        <Body body={section.body} />
      </>
    );
  return (
    <div class="al-versions">
      <div>
        <h4 class="al-versions__title">{t("teamPlan.stands")}</h4>
        <Body body={section.agreed.body} />
      </div>
      <div class="al-new">
        <h4 class="al-versions__title">{t("teamPlan.newer")}</h4>
        <Body body={section.body} />
      </div>
    </div>
  );
}

function Signed(props: PartProps): JSX.Element {
  const { section, plan } = props;
  const viewer = { isSelf: false, name: plan.patient.display_name };
  const signed = signedWords(section, viewer);
  return (
    <>
      {section.edited && <p class="al-quiet">{changedWords(section.edited, viewer)}</p>}
      {signed && <p class="al-signed">{signed}</p>}
      {section.state === "waiting-for-clinician" && <p class="al-signed">{t("teamPlan.waitsClinician")}</p>}
      {section.state === "waiting-for-you" && (
        <p class="al-signed">{t("teamPlan.waitsPerson", { name: plan.patient.display_name })}</p>
      )}
    </>
  );
}

/** The clinician's signature, under the version on the screen and no other. */
function Agree(props: PartProps): JSX.Element | null {
  const { section, plan } = props;
  const changing = useChange();
  const canSign = section.state === "waiting-for-clinician" && plan.may.includes("agree");
  if (!canSign || isUnwritten(section)) return null;
  const path = `/patients/${plan.patient.id}/plan/sections/${encodeURIComponent(section.key)}/agree`;
  const agree = async (): Promise<void> => {
    await changing.send({ path, body: {}, version: section.version });
    await teamPlanOf(plan.patient.id).pull();
  };
  return (
    <>
      <ErrorSummary errors={changing.errors} />
      <p class="al-card__ways">
        <button class="al-button" type="button" aria-disabled={changing.busy} onClick={() => void agree()}>
          {t("teamPlan.agree")}
          <span class="nhsuk-u-visually-hidden">: {section.title}</span>
        </button>
      </p>
    </>
  );
}

function Ways(props: PartProps): JSX.Element | null {
  const { section, plan } = props;
  const at = `/team/person/${plan.patient.id}/plan`;
  if (!plan.may.includes("edit")) return null;
  return (
    <p class="al-card-links">
      <a class="al-card-link" href={`${at}/edit/${section.key}`}>
        {t(isUnwritten(section) ? "plan.write" : "plan.change")}
        <span class="nhsuk-u-visually-hidden">: {section.title}</span>
      </a>
      {section.version > 0 && (
        <a class="al-card-link" href={`${at}/history/${section.key}`}>
          {t("plan.history")}
          <span class="nhsuk-u-visually-hidden">: {section.title}</span>
        </a>
      )}
    </p>
  );
}
