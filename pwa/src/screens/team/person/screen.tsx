// One person for the team: who they are, what happened, their trend in their own range, limits and kit.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import type { Row, TeamPerson } from "../../../core/deskTypes";
import { recordOf } from "../../../core/resources";
import { isDisconnected } from "../../../core/sync";
import { t } from "../../../core/words";
import { DaysChoice } from "../../../parts/DaysChoice";
import { useNow, useResource } from "../../../parts/hooks";
import { Level } from "../../../parts/Level";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { AlertActions } from "../../../parts/team/AlertActions";
import { rowLevel } from "../../../parts/team/rowWords";
import { TeamChart } from "../../../parts/team/TeamChart";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { UndoBar } from "../../../parts/team/UndoBar";
import { useActions } from "../../../parts/team/useActions";
import { Axis } from "./Axis";
import { Kit, Limits } from "./KitAndLimits";
import { Timeline } from "./Timeline";
import { Who } from "./Who";

export const address = "/team/person/:id";

export function Screen(): JSX.Element {
  const { params, query } = useRoute();
  const id = params["id"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => recordOf(id), [id]));
  const record = view.body;
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={record ? record.patient.display_name : t("person.title")}
      header={<TeamHeader />}
      back={{ href: "/team", words: t("person.back") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {record ? (
        <Record record={record} now={now} alert={query["alert"] ?? null} />
      ) : (
        <p>{t(refused ? "person.refused" : view.asked ? "person.nothingKept" : "today.opening")}</p>
      )}
    </Page>
  );
}

function Record(props: { record: TeamPerson; now: Date; alert: string | null }): JSX.Element {
  const { record, now } = props;
  const [days, setDays] = useState(14);
  const open = record.alerts.filter((alert) => alert.state !== "closed");
  const first = [...open].sort((a) => (a.id === props.alert ? -1 : 1));
  return (
    <div class="al-record">
      <div class="al-record__who">
        <Who record={record} now={now} />
      </div>
      <div class="al-record__story">
        {first.map((row) => (
          <OpenAlert key={row.id} row={row} now={now} />
        ))}
        {first.length === 0 && <p class="al-quiet">{t("person.noAlerts")}</p>}
        <DaysChoice days={days} onChange={setDays} />
        <Axis events={record.timeline} asOf={record.as_of} days={days} />
        {record.latest
          .filter((tile) => tile.effective_at !== null)
          .map((tile) => (
            <TeamChart key={tile.kind} patient={record.patient.id} kind={tile.kind} days={days} now={now} />
          ))}
        <Timeline events={record.timeline} patient={record.patient.id} now={now} />
      </div>
      <div class="al-record__kit">
        <Limits record={record} now={now} />
        <Kit record={record} now={now} />
      </div>
    </div>
  );
}

function OpenAlert(props: { row: Row; now: Date }): JSX.Element {
  const { row, now } = props;
  const actions = useActions();
  return (
    <section class={`al-open-alert al-open-alert--${row.level}`} aria-label={row.title}>
      <p class="al-person-card__why">
        <Level level={rowLevel(row)} shout /> <span>{row.reason}</span>
      </p>
      <p class="al-card-links">
        <a class="al-card-link" href={`/team/alert/${row.id}`}>
          {t("person.card")}
        </a>
        <a class="al-card-link" href={`/team/alert/${row.id}/custody`}>
          {t("card.custody")}
        </a>
      </p>
      <UndoBar actions={actions} rows={[row]} />
      <AlertActions row={row} gone={false} now={now} actions={actions} />
    </section>
  );
}
