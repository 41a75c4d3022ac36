// Every version of one part of a plan for the team: who wrote it, from what to what, and who signed it.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import type { HistoryRow, Plan } from "../../../core/planTypes";
import { changedWords, type Viewer } from "../../../core/planWords";
import { calendarDate } from "../../../core/format";
import { teamHistoryOf, teamPlanOf } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { Body } from "../../../parts/plan/Body";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/person/:id/plan/history/:section";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const key = params["section"] ?? "";
  const now = useNow();
  const plan = useResource(useMemo(() => teamPlanOf(id), [id])).body;
  const view = useResource(useMemo(() => teamHistoryOf(id, key), [id, key]));
  return (
    <Page
      title={t("history.title")}
      caption={plan ? partWords(plan, key) : undefined}
      header={<TeamHeader />}
      back={{ href: `/team/person/${id}/plan`, words: t("teamPlan.title") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {view.body ? (
        <Versions rows={view.body.rows} name={plan ? plan.patient.display_name : ""} />
      ) : (
        <NotThere view={view} refused="teamPlan.refused" />
      )}
    </Page>
  );
}

function partWords(plan: Plan, key: string): string {
  const title = plan.sections.find((one) => one.key === key)?.title;
  return [title, plan.patient.display_name].filter(Boolean).join(", ");
}

function Versions(props: { rows: readonly HistoryRow[]; name: string }): JSX.Element {
  const viewer = { isSelf: false, name: props.name };
  if (props.rows.length === 0) return <p>{t("history.none")}</p>;
  return (
    <>
      {props.rows.map((row) => (
        <Version key={row.version} row={row} viewer={viewer} />
      ))}
    </>
  );
}

function Version(props: { row: HistoryRow; viewer: Viewer }): JSX.Element {
  const { row, viewer } = props;
  return (
    <article class="al-card al-part">
      <h2 class="al-part__title">{t("history.version", { n: row.version })}</h2>
      <p>{changedWords({ ...row, name: row.by }, viewer)}</p>
      {row.signatures.map((one) => (
        <p key={one.role} class="al-signed">
          {t("plan.agreedOne", { who: one.by_name, date: calendarDate(new Date(one.at)) })}
        </p>
      ))}
      <div class="al-versions">
        {row.from && (
          <div>
            <h3 class="al-versions__title">{t("history.from")}</h3>
            <Body body={row.from} />
          </div>
        )}
        <div class="al-new">
          <h3 class="al-versions__title">{t("history.to")}</h3>
          <Body body={row.to} />
        </div>
      </div>
    </article>
  );
}
