// Everything that stands on a card: why in words, who the person is, what was found, tried and decided.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Card } from "../../core/cardTypes";
import { cardOf } from "../../core/desk";
import type { Row, RowPatient } from "../../core/deskTypes";
import { ageShort, exactly, telephone } from "../../core/format";
import { recordOf } from "../../core/resources";
import { t } from "../../core/words";
import { DaysChoice } from "../DaysChoice";
import { useResource } from "../hooks";
import { Level } from "../Level";
import { CardFactsList } from "./CardFacts";
import { CardHistory } from "./CardHistory";
import { Findings } from "./Findings";
import { Ladder } from "./Ladder";
import { kindOfRule } from "./ruleKind";
import { markWords, nameWords, nhsWords, rowLevel, whoWords } from "./rowWords";
import { TeamChart } from "./TeamChart";

/** `isPage`: the person's name is the page's own heading, so that why comes next to it. */
export function CardWords(props: { row: Row; now: Date; isPage?: boolean }): JSX.Element {
  const { row, now, isPage = false } = props;
  const view = useResource(useMemo(() => cardOf(row.id), [row.id]));
  const card = view.body;
  return (
    <>
      <CardTop row={row} now={now} isPage={isPage} />
      {card && card.fall_script.length > 0 && <FallScript questions={card.fall_script} />}
      {row.patient && <CardChart row={row} patient={row.patient} now={now} />}
      {card?.facts && <CardFactsList facts={card.facts} />}
      <Findings row={row} now={now} />
      <Ladder row={row} now={now} />
      {card && <Around card={card} now={now} />}
      <p class="al-card-links">
        {row.patient && (
          <a class="al-card-link" href={`/team/person/${row.patient.id}`}>
            {t("card.open")}
          </a>
        )}
        <a class="al-card-link" href={`/team/alert/${row.id}/custody`}>
          {t("card.custody")}
        </a>
      </p>
    </>
  );
}

function CardTop(props: { row: Row; now: Date; isPage: boolean }): JSX.Element {
  const { row, now, isPage } = props;
  const marks = markWords(row, now);
  return (
    <>
      {!isPage && (
        <h2 class="al-person-card__name" id="card-title" tabIndex={-1}>
          {nameWords(row)}
        </h2>
      )}
      {row.patient && (
        <p class="al-person-card__facts">
          <span>{whoWords(row.patient)}</span> <span class="al-whole">{nhsWords(row.patient)}</span>
        </p>
      )}
      {row.unassigned && <p>{row.unassigned.words}</p>}
      <Why row={row} isPage={isPage} />
      {row.also.length > 0 && (
        <p class="al-person-card__facts">
          {t("card.also")} {row.also.join(", ")}.
        </p>
      )}
      <p class="al-person-card__facts">
        {row.patient?.phone && (
          <a class="al-phone" href={telephone(row.patient.phone)}>
            {t("card.call", { phone: row.patient.phone })}
          </a>
        )}
        <span>
          {row.data_at
            ? t("card.age", { age: ageShort((now.getTime() - Date.parse(row.data_at)) / 1000) })
            : t("card.noData")}
        </span>
      </p>
      {marks.length > 0 && (
        <ul class="al-marks">
          {marks.map((mark) => (
            <li key={mark} class="al-mark">
              {mark}
            </li>
          ))}
        </ul>
      )}
      {row.stands && <p class="al-notice">{row.stands.words}</p>}
    </>
  );
}

function Why(props: { row: Row; isPage: boolean }): JSX.Element {
  const { row, isPage } = props;
  const words = (
    <>
      <Level level={rowLevel(row)} shout /> <span>{row.reason}</span>
    </>
  );
  if (!isPage) return <p class="al-person-card__why">{words}</p>;
  return (
    <h2 class="al-person-card__why" id="card-title" tabIndex={-1}>
      {words}
    </h2>
  );
}

function FallScript(props: { questions: readonly string[] }): JSX.Element {
  return (
    <section class="al-script" aria-labelledby="fall-title">
      <h3 class="al-script__title" id="fall-title">
        {t("card.fall")}
      </h3>
      <ol class="nhsuk-list nhsuk-list--number">
        {props.questions.map((question) => (
          <li key={question}>{question}</li>
        ))}
      </ol>
    </section>
  );
}

function CardChart(props: { row: Row; patient: RowPatient; now: Date }): JSX.Element | null {
  const { row, patient, now } = props;
  const [days, setDays] = useState(14);
  const record = useResource(useMemo(() => recordOf(patient.id), [patient.id])).body;
  const kind = record && kindOfRule(row.rule, record.latest);
  if (!kind) return null;
  return (
    <>
      <TeamChart patient={patient.id} kind={kind} days={days} now={now} />
      <DaysChoice days={days} onChange={setDays} />
    </>
  );
}

function Around(props: { card: Card; now: Date }): JSX.Element {
  const { card, now } = props;
  return (
    <>
      {card.worried.length > 0 && (
        <section aria-labelledby="worried-title">
          <h3 class="al-section" id="worried-title">
            {t("card.worried")}
          </h3>
          <ul class="nhsuk-list">
            {card.worried.map((one) => (
              <li key={one.at}>
                {exactly(new Date(one.at), now)}: {one.words}
              </li>
            ))}
          </ul>
        </section>
      )}
      <CardHistory card={card} now={now} />
    </>
  );
}
