// One member of staff: a code for the password, role and team, and being shut out at once.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { staffList } from "../../../core/caseload";
import type { Staff, StaffRow } from "../../../core/caseTypes";
import { calendarDate, exactly } from "../../../core/format";
import type { View } from "../../../core/sync";
import { t, wordFor } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { NotThere } from "../../../parts/team/CaseParts";
import { Section } from "../../../parts/team/KitParts";
import { PairPhone } from "../../../parts/team/PairPhone";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { ChangeRole, ShutOut, Teams } from "./Forms";

export const address = "/team/staff/:id";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const now = useNow();
  const resource = useMemo(staffList, []);
  const view = useResource(resource);
  const row = view.body?.rows.find((one) => one.id === params["id"]) ?? null;
  return (
    <Page
      title={row?.display_name ?? t("staff.title")}
      caption={row && captionOf(row)}
      header={<TeamHeader />}
      back={{ href: "/team/staff", words: t("staff.title") }}
    >
      {row && view.body ? (
        <Whole row={row} staff={view.body} now={now} pull={() => resource.pull()} />
      ) : (
        <Missing view={view} />
      )}
    </Page>
  );
}

function captionOf(row: StaffRow): string {
  return [wordFor("role", row.role) ?? row.role, row.username].filter(Boolean).join(" · ");
}

function Missing(props: { view: View<Staff> }): JSX.Element {
  if (props.view.body) return <p>{t("staff.gone")}</p>;
  return <NotThere view={props.view} refused="staff.refused" />;
}

export interface StaffProps {
  row: StaffRow;
  staff: Staff;
  now: Date;
  pull: () => Promise<void>;
}

function Whole(props: StaffProps): JSX.Element {
  const { row, now } = props;
  return (
    <>
      <Section id="password" title={t("staff.password")}>
        <p>
          {row.disabled_at
            ? t("staff.shutSince", { date: exactly(new Date(row.disabled_at), now) })
            : t(row.has_password ? "staff.canSignIn" : "staff.noPassword")}
        </p>
        {!row.disabled_at && (
          <PairPhone
            whom={{ path: `/staff/${row.id}/pairing-codes`, body: {}, words: t("staff.makeCode") }}
            paired={false}
          />
        )}
      </Section>
      <Section id="teams" title={t("staff.teams")}>
        <ul class="al-kit-lines">
          {row.teams.map((team) => (
            <li key={`${team.id}${team.from ?? ""}`}>
              {team.until
                ? t("staff.teamUntil", { team: team.name, until: calendarDate(new Date(team.until)) })
                : team.name}
            </li>
          ))}
        </ul>
        <Teams {...props} />
      </Section>
      <Section id="role" title={t("staff.role")}>
        <ChangeRole {...props} />
      </Section>
      <Section id="access" title={t("staff.access")}>
        <ShutOut {...props} />
      </Section>
    </>
  );
}
