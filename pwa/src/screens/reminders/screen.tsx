// Reminders: of what, at the person's own times, when it is quiet, by what they come, and whether carers are told.
import type { JSX } from "preact";
import { add, drawnOver, type Queued } from "../../core/outbox";
import { remindersOf } from "../../core/planResources";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { Reminders } from "../../core/planTypes";
import type { PatientChoice } from "../../core/types";
import { useNow, useOutbox, useResource } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";
import { Form } from "./Form";

export const address = "/reminders";
export const nav = "plan";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Opened key={patient.id} patient={patient} />}</WithPatient>;
}

interface Shown {
  kind: "reminders";
  reminders: Reminders;
}

function lastOf(over: readonly Queued[]): Reminders | null {
  const shows = over.map(({ show }) => show as Partial<Shown> | null).filter((show) => show?.kind === "reminders");
  return shows.at(-1)?.reminders ?? null;
}

function save(patient: string, wish: Reminders, draftOf: string): Promise<Queued> {
  const { version, readings, check_ins, medicines, times, quiet_from, quiet_to, channel, email, tell_seen } = wish;
  const body = { readings, check_ins, medicines, times, quiet_from, quiet_to, channel, email, tell_seen };
  const path = `/patients/${patient}/reminders`;
  // What is saved next on this phone is a change of what this will have made.
  const show: Shown = { kind: "reminders", reminders: { ...wish, version: version + 1 } };
  return add({ patient, what: "settings", method: "PUT", path, body, ifMatch: version, document: path, show, draftOf });
}

function Opened(props: { patient: PatientChoice }): JSX.Element {
  const { patient } = props;
  const now = useNow();
  useOutbox();
  const view = useResource(remindersOf(patient.id));
  const reminders = lastOf(drawnOver(patient.id, view.at, "settings")) ?? view.body;
  const name = `${patient.id}/reminders`;
  if (!reminders && !view.asked) return <Waiting title={t("remind.title")} words={t("remind.opening")} />;
  return (
    <Page title={t("remind.title")}>
      <HelpingBanner patient={patient} />
      {reminders ? (
        <Form name={name} reminders={reminders} onSave={(wish) => save(patient.id, wish, name)} />
      ) : (
        <p>{t(isDisconnected(view) ? "remind.nothingKept" : "remind.refused")}</p>
      )}
      {(reminders || isDisconnected(view)) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}
