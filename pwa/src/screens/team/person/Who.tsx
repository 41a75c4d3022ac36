// Who the person is, how to reach them, who else looks after them, and their latest readings.
import type { JSX } from "preact";
import { calendarDate, telephone } from "../../../core/format";
import { t, wordFor } from "../../../core/words";
import type { TeamPerson } from "../../../core/deskTypes";
import type { LatestTile } from "../../../core/types";
import { Level, tileLevel } from "../../../parts/Level";
import { isStale, Reading } from "../../../parts/Reading";
import { PlansWait } from "../../../parts/team/PlansWait";
import { nhsWords, whoWords } from "../../../parts/team/rowWords";

export function Who(props: { record: TeamPerson; now: Date }): JSX.Element {
  const { record, now } = props;
  const { patient } = record;
  const team = typeof patient.team === "string" ? patient.team : (patient.team?.name ?? null);
  return (
    <>
      <h2 class="al-section">{t("person.who")}</h2>
      <p>{whoWords(patient)}</p>
      <dl class="al-facts">
        <Fact name={t("person.nhs")} value={nhsWords(patient)} />
        <Fact name={t("person.born")} value={calendarDate(new Date(`${patient.birth_date}T12:00:00Z`))} />
        <Fact name={t("person.status")} value={wordFor("status", patient.status) ?? patient.status} />
        <Fact
          name={t("person.pathways")}
          value={
            record.pathways
              .map((pathway) => `${pathway.title} (${t("person.version", { version: pathway.version })})`)
              .join(", ") || t("person.none")
          }
        />
        {patient.gp_practice && (
          <Fact
            name={t("person.gp")}
            value={`${patient.gp_practice.name} (${patient.gp_practice.ods_code})`}
          />
        )}
        {team && <Fact name={t("person.team")} value={team} />}
      </dl>
      <Ways patient={patient} />
      <PlansWait patient={patient.id} />
      <h2 class="al-section">{t("person.latest")}</h2>
      <ul class="al-latest">
        {record.latest.map((tile) => (
          <LatestLine key={tile.kind} tile={tile} now={now} />
        ))}
      </ul>
    </>
  );
}

/** To ring them, and to what of theirs has a page of its own. */
function Ways(props: { patient: TeamPerson["patient"] }): JSX.Element {
  const { patient } = props;
  return (
    <div class="al-actions__buttons">
      {patient.phone && (
        <a class="al-button" href={telephone(patient.phone)}>
          {t("card.call", { phone: patient.phone })}
        </a>
      )}
      <a class="al-button al-button--quiet" href={`/team/thread/${patient.id}/team`}>
        {t("person.messages")}
      </a>
      <a class="al-button al-button--quiet" href={`/team/person/${patient.id}/plan`}>
        {t("person.plan")}
      </a>
      <a class="al-button al-button--quiet" href={`/team/person/${patient.id}/check-ins`}>
        {t("person.checkIns")}
      </a>
    </div>
  );
}

function Fact(props: { name: string; value: string }): JSX.Element {
  return (
    <div class="al-facts__row">
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function LatestLine(props: { tile: LatestTile; now: Date }): JSX.Element {
  const { tile, now } = props;
  const stale = isStale(tile, now);
  const level = tileLevel(tile, stale);
  return (
    <li class="al-latest__line">
      <span class="al-latest__kind">{t(`kind.${tile.kind}`)}</span>
      {tile.effective_at && (
        <Reading
          kind={tile.kind}
          values={tile.values}
          effectiveAt={tile.effective_at}
          now={now}
          stale={stale}
          quality={tile.quality}
        />
      )}
      {level && <Level level={level} words={wordFor("level.team", level) ?? t(`level.${level}`)} />}
    </li>
  );
}
