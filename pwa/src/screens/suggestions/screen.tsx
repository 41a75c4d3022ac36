// What people on the same pathway suggested and what was answered: for everybody to read, without a name.
import type { JSX } from "preact";
import { calendarDate } from "../../core/format";
import { suggestionsOf } from "../../core/planResources";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { Answered } from "../../core/feedbackTypes";
import type { PatientChoice } from "../../core/types";
import { useNow, useResource } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { toPlan } from "../../parts/plan/PlanPage";
import { SyncStatus } from "../../parts/SyncStatus";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/suggestions";
export const nav = "plan";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Suggestions patient={patient} />}</WithPatient>;
}

function Suggestions(props: { patient: PatientChoice }): JSX.Element {
  const { patient } = props;
  const now = useNow();
  const view = useResource(suggestionsOf(patient.id));
  const rows = view.body?.rows ?? [];
  const nothing = isDisconnected(view) ? "suggestions.nothingKept" : "suggestions.refused";
  return (
    <Page title={t("suggestions.title")} back={toPlan()}>
      <HelpingBanner patient={patient} />
      <p>{t("suggestions.words")}</p>
      {!view.body && <p>{t(view.asked ? nothing : "plan.opening")}</p>}
      {view.body && rows.length === 0 && <p>{t("suggestions.none")}</p>}
      {rows.map((one) => (
        <Card key={one.id} one={one} />
      ))}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

function Card(props: { one: Answered }): JSX.Element {
  const { one } = props;
  return (
    <section class="al-card">
      <p class="al-card__eyebrow">{one.pathways.join(", ")}</p>
      <p class="al-lines__title">{t(one.mine ? "suggestions.mine" : "suggestions.said")}</p>
      <p>{one.asked}</p>
      {one.answer === null ? (
        <p class="al-quiet">{t("suggestions.waits")}</p>
      ) : (
        <>
          <p class="al-lines__title">{t("suggestions.answer")}</p>
          <p>{one.answer}</p>
          <p class="al-quiet">{signed(one)}</p>
        </>
      )}
    </section>
  );
}

function signed(one: Answered): string {
  const date = one.answered_at ? calendarDate(new Date(one.answered_at)) : "";
  return [one.by, date].filter(Boolean).join(", ");
}
