// What waits for a clinician in the plans of everybody the team looks after, the oldest first.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { nhsNumber, whenWords } from "../../../core/format";
import { plansWaiting, type PlanWaiting } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { useNow, useResource, useSession } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { answersSuggestions } from "../../../parts/team/places";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/plans";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(plansWaiting, []));
  const rows = view.body?.rows ?? [];
  const session = useSession();
  const isOwner = session.kind === "in" && answersSuggestions(session.session.role);
  return (
    <Page title={t("plans.title")} header={<TeamHeader />} wide>
      <p>
        {t("plans.words")}{" "}
        {isOwner && <a href="/team/suggestions">{t("plans.suggestions")}</a>}
      </p>
      <SyncStatus view={view} now={now} />
      {!view.body && <NotThere view={view} refused="plans.refused" />}
      {view.body && rows.length === 0 && <p>{t("plans.none")}</p>}
      <ol class="al-rows al-kit-rows">
        {rows.map((row) => (
          <Row key={`${row.patient.id} ${row.section} ${row.what} ${row.at}`} row={row} now={now} />
        ))}
      </ol>
    </Page>
  );
}

function Row(props: { row: PlanWaiting; now: Date }): JSX.Element {
  const { row, now } = props;
  const who = row.relation === "carer" ? t("thread.carer", { name: row.by }) : row.by;
  return (
    <li class="al-kit-row al-case" data-plan={`${row.what} ${row.patient.id} ${row.section}`}>
      <div class="al-case__who">
        <a class="al-kit-row__name" href={`/team/person/${row.patient.id}/plan`}>
          {row.patient.display_name}
        </a>
        <p class="al-quiet">{t("cases.number", { number: nhsNumber(row.patient.nhs_number) })}</p>
      </div>
      <div class="al-case__status">
        <p>
          <strong>{row.title}</strong>
        </p>
        <p class="al-quiet">{t(row.what === "proposal" ? "plans.proposal" : "plans.unsigned", { who })}</p>
      </div>
      <p class="al-case__facts">
        <time dateTime={row.at}>{whenWords(new Date(row.at), now)}</time>
      </p>
    </li>
  );
}
