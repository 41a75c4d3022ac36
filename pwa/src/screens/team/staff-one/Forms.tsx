// What an administrator changes of one member of staff: name and role, teams, and whether they may sign in.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { textOf, wrongIn, type Draft, type Question } from "../../../core/asked";
import { momentOf } from "../../../core/wallClock";
import { t, wordFor } from "../../../core/words";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { ActButton, Disclosure } from "../../../parts/team/KitParts";
import { useChange } from "../../../parts/team/useChange";
import type { StaffProps } from "./screen";

interface SmallProps extends StaffProps {
  asked: Question[];
  begin: Draft;
  path: string;
  words: string;
  danger?: boolean;
  body: (draft: Draft) => unknown;
}

function SmallForm(props: SmallProps): JSX.Element {
  const { row, asked, pull } = props;
  const [draft, setDraft] = useState<Draft>(props.begin);
  const [isDone, setDone] = useState(false);
  const changing = useChange(asked.map((one) => one.id));
  const submit = async (): Promise<void> => {
    const wrong = wrongIn(asked, draft);
    changing.fail(wrong);
    setDone(false);
    if (wrong.length > 0) return;
    const answer = await changing.send({
      path: `/staff/${row.id}${props.path}`,
      body: props.body(draft),
      version: row.version,
    });
    await pull();
    setDone(answer.kind === "done");
  };
  return (
    <>
      <AskForm
        errors={changing.errors}
        busy={changing.busy}
        words={props.words}
        danger={props.danger === true}
        onSubmit={() => void submit()}
      >
        <Asked
          asked={asked}
          draft={draft}
          errors={changing.errors}
          onChange={(part) => setDraft((had) => ({ ...had, ...part }))}
        />
      </AskForm>
      <div role="status">{isDone && <p class="al-notice">{t("staff.saved")}</p>}</div>
    </>
  );
}

export function ChangeRole(props: StaffProps): JSX.Element {
  const { row, staff } = props;
  const roles = Object.fromEntries(staff.roles.map((role) => [role, wordFor("role", role) ?? role]));
  return (
    <Disclosure summary={t("staff.changeRole")}>
      <SmallForm
        {...props}
        asked={[
          { id: "display_name", kind: "text", needed: true, most: 120 },
          { id: "role", kind: "radio", values: staff.roles, words: roles, needed: true },
        ]}
        begin={{ display_name: row.display_name, role: row.role }}
        path=""
        words={t("staff.save")}
        body={(draft) => ({ display_name: textOf(draft, "display_name"), role: draft["role"] })}
      />
    </Disclosure>
  );
}

export function Teams(props: StaffProps): JSX.Element {
  const teams = Object.fromEntries(props.staff.teams.map((team) => [team.id, team.name]));
  return (
    <Disclosure summary={t("staff.changeTeams")}>
      <SmallForm
        {...props}
        asked={[
          { id: "team", kind: "select", values: Object.keys(teams), words: teams, needed: true },
          { id: "team_until", kind: "moment" },
        ]}
        begin={{}}
        path="/teams"
        words={t("staff.save")}
        body={(draft) => ({
          team_id: draft["team"],
          from: null,
          until: momentOf(draft["team_until"] ?? "")?.toISOString() ?? null,
        })}
      />
    </Disclosure>
  );
}

export function ShutOut(props: StaffProps): JSX.Element {
  const { row, pull } = props;
  const { busy, errors, send } = useChange();
  if (row.disabled_at)
    return (
      <>
        {errors[0] && <p class="al-notice al-notice--problem">{errors[0].words}</p>}
        <ActButton
          words={t("staff.enable")}
          busy={busy}
          onClick={() => void send({ path: `/staff/${row.id}/enable`, body: {}, version: row.version }).then(pull)}
        />
      </>
    );
  return (
    <Disclosure summary={t("staff.disable")}>
      <p>{t("staff.disableWords")}</p>
      <SmallForm
        {...props}
        asked={[{ id: "shut_why", kind: "radio", values: ["left", "leave", "misuse", "other"], needed: true }]}
        begin={{}}
        path="/disable"
        words={t("staff.disableDo")}
        danger
        body={(draft) => ({ why: draft["shut_why"] })}
      />
    </Disclosure>
  );
}
