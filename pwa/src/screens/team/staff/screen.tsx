// Everybody who works here, for the administrator: role, teams, and whether they can sign in.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { staffList } from "../../../core/caseload";
import type { StaffRow } from "../../../core/caseTypes";
import { calendarDate } from "../../../core/format";
import { t, wordFor } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/staff";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(staffList, []));
  return (
    <Page title={t("staff.title")} header={<TeamHeader />} wide>
      {view.body ? (
        <>
          <p>
            <a class="al-button" href="/team/staff-new">
              {t("staff.add")}
            </a>
          </p>
          <ol class="al-rows al-kit-rows">
            {view.body.rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ol>
        </>
      ) : (
        <NotThere view={view} refused="staff.refused" />
      )}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

function Row(props: { row: StaffRow }): JSX.Element {
  const { row } = props;
  return (
    <li class="al-kit-row al-case" data-staff={row.username ?? row.id}>
      <div class="al-case__who">
        <a class="al-kit-row__name" href={`/team/staff/${row.id}`}>
          {row.display_name}
        </a>
        <p class="al-quiet">{row.username ?? t("staff.noAccount")}</p>
      </div>
      <div class="al-case__status">
        <p>{wordFor("role", row.role) ?? row.role}</p>
        <p class="al-quiet">{row.teams.map((team) => team.name).join(", ") || row.practice?.name || t("staff.noTeam")}</p>
      </div>
      <p class="al-case__facts">{signInWords(row)}</p>
    </li>
  );
}

function signInWords(row: StaffRow): string {
  if (row.disabled_at) return t("staff.shutSince", { date: calendarDate(new Date(row.disabled_at)) });
  return t(row.has_password ? "staff.canSignIn" : "staff.noPassword");
}
