// What a person has answered, for the team: what each check-in came to, what was begun and left, and what is asked next.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { deadline, whenWords } from "../../../core/format";
import { recordOf } from "../../../core/resources";
import type { GivenCheckIn } from "../../../core/selfTypes";
import { teamCheckInsOf, type CheckIn, type TeamCheckIns } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { Light, Told, whoAnswered } from "../../../parts/team/CheckInParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/person/:id/check-ins";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => teamCheckInsOf(id), [id]));
  const name = useResource(useMemo(() => recordOf(id), [id])).body?.patient.display_name;
  return (
    <Page
      title={t("answers.title")}
      caption={name}
      header={<TeamHeader />}
      back={{ href: `/team/person/${id}`, words: name ?? t("person.title") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {view.body ? <Whole all={view.body} patient={id} now={now} /> : <NotThere view={view} refused="answers.refused" />}
    </Page>
  );
}

interface ListProps {
  all: TeamCheckIns;
  patient: string;
  now: Date;
}

function Whole(props: ListProps): JSX.Element {
  const { all } = props;
  return (
    <>
      <Drafts {...props} />
      <section aria-labelledby="given-title">
        <h2 class="al-section" id="given-title">
          {t("answers.given")}
        </h2>
        {all.given.length === 0 && <p>{t("answers.none")}</p>}
        <ol class="al-rows al-kit-rows">
          {all.given.map((one) => (
            <Given key={one.id} {...props} one={one} />
          ))}
        </ol>
      </section>
      <Next {...props} />
    </>
  );
}

/** What somebody began and did not send is known here too: its answers count, and it has no total. */
function Drafts(props: ListProps): JSX.Element | null {
  const { all, patient, now } = props;
  if (all.drafts.length === 0) return null;
  return (
    <section aria-labelledby="drafts-title">
      <h2 class="al-section" id="drafts-title">
        {t("answers.drafts")}
      </h2>
      <ol class="al-rows al-kit-rows">
        {all.drafts.map((one) => (
          <li key={one.id} class="al-kit-row al-case" data-draft={one.questionnaire}>
            <Who one={one} patient={patient} at={one.at} now={now} />
            <div class="al-case__status">
              <p>
                <span class="al-mark">{t("answers.unfinished")}</span>
              </p>
              <Told one={one} now={now} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Who(props: { one: GivenCheckIn | CheckIn; patient: string; at: string; now: Date }): JSX.Element {
  const { one, patient, now } = props;
  return (
    <div class="al-case__who">
      <a class="al-kit-row__name" href={`/team/person/${patient}/check-ins/${one.id}`}>
        {one.title}
      </a>
      <p class="al-quiet">
        <time dateTime={props.at}>{whenWords(new Date(props.at), now)}</time>. {whoAnswered(one.by)}
      </p>
    </div>
  );
}

function Given(props: ListProps & { one: GivenCheckIn }): JSX.Element {
  const { one, patient, now } = props;
  return (
    <li class="al-kit-row al-case" data-given={one.questionnaire}>
      <Who one={one} patient={patient} at={one.at} now={now} />
      <div class="al-case__status">
        {one.result && <Light result={one.result} />}
        {one.private && <p class="al-quiet">{t("answers.private")}</p>}
      </div>
    </li>
  );
}

function Next(props: ListProps): JSX.Element {
  const { all, now } = props;
  return (
    <section aria-labelledby="asked-title">
      <h2 class="al-section" id="asked-title">
        {t("answers.asked")}
      </h2>
      <ul class="nhsuk-list">
        {all.due.map((one) => (
          <li key={one.id}>
            {t("answers.due", { what: one.titles.join(", "), since: deadline(new Date(one.due_at), now) })}
          </li>
        ))}
        {all.next_at && <li>{t("answers.next", { time: deadline(new Date(all.next_at), now) })}</li>}
        {all.due.length === 0 && !all.next_at && <li>{t("answers.notAsked")}</li>}
        {all.left_out.map((one) => (
          <li key={one.id}>
            {one.title}: {one.why}
          </li>
        ))}
      </ul>
    </section>
  );
}
