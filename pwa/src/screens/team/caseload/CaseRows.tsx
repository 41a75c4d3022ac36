// One row a person: whether they are watched, on what, when last heard from, and when somebody looks at it again.
import type { JSX } from "preact";
import { calendarDate, exactly, nhsNumber, whenWords } from "../../../core/format";
import type { CaseRow } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import { CaseStatus } from "../../../parts/team/CaseParts";
import { dateWords } from "../../../parts/team/kitWords";
import { pathOf } from "../../../parts/team/joinSteps";

export function CaseRows(props: { rows: CaseRow[]; now: Date }): JSX.Element {
  return (
    <ol class="al-rows al-kit-rows">
      {props.rows.map((row) => (
        <Row key={row.patient.id} row={row} now={props.now} />
      ))}
    </ol>
  );
}

function Row(props: { row: CaseRow; now: Date }): JSX.Element {
  const { row, now } = props;
  const { patient } = row;
  return (
    <li class="al-kit-row al-case" data-case={patient.id}>
      <div class="al-case__who">
        <a class="al-kit-row__name" href={`/team/person/${patient.id}`}>
          {patient.display_name}
        </a>
        <p class="al-quiet">
          {t("cases.born", { born: dateWords(patient.birth_date) })}{" "}
          <span class="al-case__number">{t("cases.number", { number: nhsNumber(patient.nhs_number) })}</span>
        </p>
      </div>
      <div class="al-case__status">
        <p>
          <CaseStatus status={row.status} died={row.died_on !== null} /> {watchedWords(row, now)}
        </p>
        <p class="al-quiet">{row.pathways.join(", ") || t("cases.noPathway")}</p>
      </div>
      <ul class="al-case__facts">
        <li>
          {row.last_reading_at
            ? t("cases.lastReading", { when: whenWords(new Date(row.last_reading_at), now) })
            : t("cases.noReading")}
        </li>
        <Review row={row} />
        {row.open_alerts > 0 && <li>{t("cases.alerts", { n: row.open_alerts })}</li>}
      </ul>
      <p class="al-case__links">
        {row.joining_id ? (
          <a class="al-kit-link" href={pathOf(row.joining_id, "carry-on")} aria-label={t("cases.carryOnLong", { who: patient.display_name })}>
            {t("cases.carryOn")}
          </a>
        ) : (
          <a class="al-kit-link" href={`/team/care/${patient.id}`} aria-label={t("cases.careLong", { who: patient.display_name })}>
            {t("cases.care")}
          </a>
        )}
      </p>
    </li>
  );
}

/** Says what nobody may guess: for everything but live, that nobody watches. */
function watchedWords(row: CaseRow, now: Date): string {
  if (row.died_on) return t("cases.died", { date: dateWords(row.died_on) });
  if (row.pause) return t(`cases.${row.pause.kind === "admission" ? "admitted" : "paused"}`, { until: exactly(new Date(row.pause.until), now) });
  return row.monitored ? "" : t("cases.notWatched");
}

function Review(props: { row: CaseRow }): JSX.Element | null {
  const { row } = props;
  if (!row.review_due) return null;
  const date = calendarDate(new Date(`${row.review_due}T12:00:00Z`));
  return row.review_overdue ? (
    <li class="al-case__late">{t("cases.reviewWas", { date })}</li>
  ) : (
    <li>{t("cases.reviewIs", { date })}</li>
  );
}
