// In how many working days each GP practice answers messages, as it said in writing: what people read before they write.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { calendarDate } from "../../../core/format";
import { middayOf } from "../../../core/planDays";
import { practiceDays, type AllPracticeDays, type PracticeDays } from "../../../core/practiceDays";
import { t } from "../../../core/words";
import type { FieldError } from "../../../parts/ErrorSummary";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { AskForm, NotThere } from "../../../parts/team/CaseParts";
import { SelectField, TextField } from "../../../parts/team/Field";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange } from "../../../parts/team/useChange";

export const address = "/team/practice-days";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(practiceDays, []));
  return (
    <Page title={t("practiceDays.title")} header={<TeamHeader />}>
      <p>{t("practiceDays.words")}</p>
      <SyncStatus view={view} now={now} />
      {view.body ? (
        <>
          <ul class="nhsuk-list">
            {view.body.rows.map((row) => (
              <li key={row.id} data-practice={row.id}>
                <strong>{row.name}</strong> {daysWords(row, view.body)}
              </li>
            ))}
          </ul>
          <Form rows={view.body.rows} />
        </>
      ) : (
        <NotThere view={view} refused="staff.refused" />
      )}
    </Page>
  );
}

function daysWords(row: PracticeDays, all: AllPracticeDays | null): string {
  if (row.working_days === null || row.said_on === null) return t("practiceDays.unsaid", { n: all?.unsaid ?? 0 });
  return t("practiceDays.said", { n: row.working_days, date: calendarDate(middayOf(row.said_on)) });
}

const NOTHING = { practice: "", days: "", on: "" };

function Form(props: { rows: readonly PracticeDays[] }): JSX.Element {
  const [said, setSaid] = useState(NOTHING);
  const [saved, setSaved] = useState(false);
  const changing = useChange();
  const change = (part: Partial<typeof NOTHING>): void => {
    setSaved(false);
    setSaid({ ...said, ...part });
  };
  const save = async (): Promise<void> => {
    const wrong = wrongIn(said);
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const body = { working_days: Number(said.days), said_on: said.on };
    const answer = await changing.send({ path: `/organizations/${said.practice}/promise`, body, version: null });
    await practiceDays().pull();
    if (answer.kind !== "done") return;
    setSaid(NOTHING);
    setSaved(true);
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("practiceDays.save")} onSubmit={() => void save()}>
      <div role="status">{saved && <p class="al-notice">{t("practiceDays.saved")}</p>}</div>
      <Fields rows={props.rows} said={said} errors={changing.errors} onChange={change} />
    </AskForm>
  );
}

function Fields(props: {
  rows: readonly PracticeDays[];
  said: typeof NOTHING;
  errors: readonly FieldError[];
  onChange: (part: Partial<typeof NOTHING>) => void;
}): JSX.Element {
  const { said, onChange: change } = props;
  const error = (field: string): string | null => props.errors.find((one) => one.field === field)?.words ?? null;
  return (
    <>
      <SelectField
        id="practice"
        label={t("practiceDays.which")}
        error={error("practice")}
        value={said.practice}
        choices={[{ value: "", words: t("ask.choose") }, ...props.rows.map(({ id, name }) => ({ value: id, words: name }))]}
        onInput={(practice) => change({ practice })}
      />
      <TextField
        id="days"
        label={t("practiceDays.days")}
        error={error("days")}
        inputMode="numeric"
        maxLength={2}
        value={said.days}
        onInput={(days) => change({ days })}
      />
      <TextField
        id="on"
        label={t("practiceDays.on")}
        error={error("on")}
        type="date"
        value={said.on}
        onInput={(on) => change({ on })}
      />
    </>
  );
}

function wrongIn(said: typeof NOTHING): { field: string; words: string }[] {
  const days = Number(said.days);
  const isDays = /^\d+$/.test(said.days) && days >= 1 && days <= 20;
  return [
    ...(said.practice ? [] : [{ field: "practice", words: t("practiceDays.whichWrong") }]),
    ...(isDays ? [] : [{ field: "days", words: t("practiceDays.daysWrong") }]),
    ...(said.on ? [] : [{ field: "on", words: t("practiceDays.onWrong") }]),
  ];
}
