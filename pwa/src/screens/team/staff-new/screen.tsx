// A new account for somebody who works here; they choose the password themselves with a one-time code.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { textOf, wrongIn, type Draft, type Question } from "../../../core/asked";
import { staffList } from "../../../core/caseload";
import type { Staff, StaffRow } from "../../../core/caseTypes";
import { t, wordFor } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange } from "../../../parts/team/useChange";

export const address = "/team/staff-new";

function askedOf(staff: Staff): Question[] {
  const roles = Object.fromEntries(staff.roles.map((role) => [role, wordFor("role", role) ?? role]));
  const teams = Object.fromEntries(staff.teams.map((team) => [team.id, team.name]));
  const practices = Object.fromEntries(staff.practices.map((one) => [one.id, one.name]));
  const ofPractice = (draft: Draft): boolean => draft["role"] === "practice";
  return [
    { id: "display_name", kind: "text", needed: true, most: 120 },
    { id: "role", kind: "radio", values: staff.roles, words: roles, needed: true },
    { id: "username", kind: "text", needed: true, most: 64 },
    {
      id: "team",
      kind: "select",
      values: staff.teams.map((team) => team.id),
      words: teams,
      when: (draft) => !ofPractice(draft),
    },
    {
      id: "practice",
      kind: "select",
      values: staff.practices.map((one) => one.id),
      words: practices,
      needed: true,
      when: ofPractice,
    },
  ];
}

export function Screen(): JSX.Element {
  const { route } = useLocation();
  const staff = useResource(useMemo(staffList, [])).body;
  const [draft, setDraft] = useState<Draft>({});
  const changing = useChange(["display_name", "role", "username"]);
  const asked = staff ? askedOf(staff) : [];
  const submit = async (): Promise<void> => {
    const wrong = wrongIn(asked, draft);
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const isOfPractice = draft["role"] === "practice";
    const team = isOfPractice ? "" : textOf(draft, "team");
    const body = {
      display_name: textOf(draft, "display_name"),
      role: draft["role"],
      username: textOf(draft, "username"),
      teams: team ? [{ team_id: team, from: null, until: null }] : [],
      practice_id: isOfPractice ? textOf(draft, "practice") : null,
    };
    const answer = await changing.send<StaffRow>({ path: "/staff", body, version: null });
    if (answer.kind === "done") route(`/team/staff/${answer.body?.id ?? ""}`);
  };
  return (
    <Page
      title={t("staff.add")}
      hasError={changing.errors.length > 0}
      header={<TeamHeader />}
      back={{ href: "/team/staff", words: t("staff.title") }}
    >
      {staff ? (
        <AskForm errors={changing.errors} busy={changing.busy} words={t("staff.addDo")} onSubmit={() => void submit()}>
          <Asked
            asked={asked}
            draft={draft}
            errors={changing.errors}
            onChange={(part) => setDraft((had) => ({ ...had, ...part }))}
          />
        </AskForm>
      ) : (
        <p>{t("staff.refused")}</p>
      )}
    </Page>
  );
}
