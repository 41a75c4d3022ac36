// The person behind the chosen row: why, who, the trend, what else is wrong, and what to do, always in view.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { telephone } from "../../../core/format";
import { recordOf } from "../../../core/resources";
import { t } from "../../../core/words";
import type { Row, RowPatient, TeamPerson } from "../../../core/types";
import { useResource } from "../../../parts/hooks";
import { Level } from "../../../parts/Level";
import { AlertActions } from "../../../parts/team/AlertActions";
import { nameWords, nhsWords, outcomeWords, rowLevel, whoWords } from "../../../parts/team/rowWords";
import { TeamChart } from "../../../parts/team/TeamChart";
import { kindOfRule } from "../../../parts/team/ruleKind";
import type { Actions } from "../../../parts/team/useActions";

export interface CardProps {
  row: Row | null;
  gone: boolean;
  now: Date;
  actions: Actions;
}

export function Card(props: CardProps): JSX.Element {
  const { row } = props;
  if (!row) {
    return (
      <aside class="al-person-card al-person-card--empty" aria-label={t("card.label")}>
        <p>{t("card.choose")}</p>
        <p class="al-quiet">{t("card.keys")}</p>
      </aside>
    );
  }
  return (
    <aside class="al-person-card" aria-label={t("card.label")}>
      <div class="al-person-card__words">
        <CardTop row={row} />
        {row.patient ? (
          <CardRecord key={row.patient.id} row={row} patient={row.patient} now={props.now} />
        ) : (
          <p>{row.unassigned?.words}</p>
        )}
      </div>
      <AlertActions key={row.id} row={row} gone={props.gone} now={props.now} actions={props.actions} />
    </aside>
  );
}

function CardTop(props: { row: Row }): JSX.Element {
  const { row } = props;
  return (
    <>
      <h2 class="al-person-card__name">{nameWords(row)}</h2>
      {row.patient && <CardFacts patient={row.patient} />}
      <p class="al-person-card__why">
        <Level level={rowLevel(row)} shout /> <span>{row.reason}</span>
      </p>
      {row.also.length > 0 && (
        <p>
          {t("card.also")} {row.also.join(", ")}
        </p>
      )}
    </>
  );
}

export function CardFacts(props: { patient: RowPatient }): JSX.Element {
  const { patient } = props;
  return (
    <>
      <p class="al-person-card__facts">{whoWords(patient)}</p>
      <p class="al-person-card__facts">
        {nhsWords(patient)}
        {" · "}
        <a class="al-phone" href={telephone(patient.phone)}>
          {t("card.call", { phone: patient.phone })}
        </a>
      </p>
    </>
  );
}

function CardRecord(props: { row: Row; patient: RowPatient; now: Date }): JSX.Element {
  const { row, patient, now } = props;
  const view = useResource(useMemo(() => recordOf(patient.id), [patient.id]));
  const kind = kindOfRule(row.rule, view.body?.latest ?? []);
  return (
    <>
      {kind && <TeamChart patient={patient.id} kind={kind} days={14} now={now} />}
      {view.body && <LastOutcomes record={view.body} />}
      <p>
        <a class="al-button al-button--quiet" href={`/team/person/${patient.id}?alert=${row.id}`}>
          {t("card.open")}
        </a>
      </p>
    </>
  );
}

function LastOutcomes(props: { record: TeamPerson }): JSX.Element | null {
  const outcomes = props.record.alerts
    .flatMap((alert) => (alert.outcome ? [outcomeWords(alert.outcome)] : []))
    .slice(0, 3);
  if (outcomes.length === 0) return null;
  return <p>{t("card.last", { outcomes: outcomes.join(", ") })}</p>;
}
