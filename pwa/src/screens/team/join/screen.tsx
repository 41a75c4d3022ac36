// Adding a person begins here: what it needs, and the drafts that somebody of the team may carry on with.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useMemo } from "preact/hooks";
import { joinings } from "../../../core/caseload";
import type { Joining, JoiningRow } from "../../../core/caseTypes";
import { exactly } from "../../../core/format";
import { t } from "../../../core/words";
import { ErrorSummary } from "../../../parts/ErrorSummary";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { pathOf } from "../../../parts/team/joinSteps";
import { ActButton } from "../../../parts/team/KitParts";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange } from "../../../parts/team/useChange";

export const address = "/team/join";

export function Screen(): JSX.Element {
  const now = useNow();
  const { route } = useLocation();
  const view = useResource(useMemo(joinings, []));
  const { errors, busy, send } = useChange();
  const start = async (): Promise<void> => {
    const answer = await send<Joining>({ path: "/joinings", body: {}, version: null });
    if (answer.kind === "done" && answer.body) route(pathOf(answer.body.id, "nhs-number"));
  };
  return (
    <Page
      title={t("join.title")}
      hasError={errors.length > 0}
      header={<TeamHeader />}
      back={{ href: "/team/caseload", words: t("cases.title") }}
    >
      <ErrorSummary errors={errors} />
      <p>{t("join.intro")}</p>
      <p>{t("join.needs")}</p>
      <ul class="nhsuk-list nhsuk-list--bullet">
        <li>{t("join.needsNumber")}</li>
        <li>{t("join.needsKit")}</li>
        <li>{t("join.needsPhone")}</li>
      </ul>
      <ActButton words={t("join.start")} busy={busy} onClick={() => void start()} />
      <h2 class="al-section">{t("join.drafts")}</h2>
      {view.body ? (
        <Drafts rows={view.body.rows} now={now} />
      ) : (
        <NotThere view={view} refused="cases.refused" />
      )}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

function Drafts(props: { rows: JoiningRow[]; now: Date }): JSX.Element {
  if (props.rows.length === 0) return <p>{t("join.noDrafts")}</p>;
  return (
    <ul class="al-drafts">
      {props.rows.map((row) => (
        <li key={row.id} class="al-drafts__one">
          <a class="al-kit-row__name" href={pathOf(row.id, "carry-on")}>
            {row.display_name ?? t("join.noName")}
          </a>
          <p class="al-quiet">
            {t(row.patient_id ? "join.waits" : "join.isDraft")}{" "}
            {t("join.touched", {
              who: row.started_by,
              when: exactly(new Date(row.changed_at), props.now),
            })}
          </p>
        </li>
      ))}
    </ul>
  );
}
