// Who looked at my information: by person and day, newest first, with the reason each of them had.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { calendarDate } from "../../core/format";
import { lookedOf } from "../../core/circleResources";
import { middayOf } from "../../core/planDays";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { toCircle } from "../../parts/CirclePage";
import { useNow, useResource } from "../../parts/hooks";
import { LookedRows } from "../../parts/LookedRows";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/circle/looked";
export const nav = "plan";

export function Screen(): JSX.Element {
  const { query } = useRoute();
  return <WithPatient>{(patient) => <Looked patient={patient} from={query["from"] ?? null} />}</WithPatient>;
}

function Looked(props: { patient: PatientChoice; from: string | null }): JSX.Element {
  const { patient, from } = props;
  const now = useNow();
  const view = useResource(lookedOf(patient.id, from));
  const page = view.body;
  const nothing = isDisconnected(view) ? "circle.nothingKept" : "circle.refused";
  return (
    <Page title={t("looked.title")} back={toCircle()}>
      <HelpingBanner patient={patient} />
      <p>{t("looked.words")}</p>
      {from && <p class="al-sentence">{t("looked.upto", { date: calendarDate(middayOf(from)) })}</p>}
      {!page && <p>{t(view.asked ? nothing : "circle.opening")}</p>}
      {page && (page.rows.length === 0 ? <p>{t("looked.none")}</p> : <LookedRows rows={page.rows} />)}
      {page?.next && (
        <a class="al-button al-button--quiet" href={`/circle/looked?from=${page.next}`}>
          {t("looked.older")}
        </a>
      )}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}
