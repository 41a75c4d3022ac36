// Whether one person is watched, and what may be done about it: pause, admission, review, phone, ending, death.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { careOf } from "../../../core/caseload";
import type { Care, Pause } from "../../../core/caseTypes";
import { exactly, nhsNumber } from "../../../core/format";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { actsOf, type Act } from "../../../parts/team/careActs";
import { CaseStatus, NotThere } from "../../../parts/team/CaseParts";
import { dateWords } from "../../../parts/team/kitWords";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { OwnPhones } from "./OwnPhones";

export const address = "/team/care/:id";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => careOf(id), [id]));
  const care = view.body;
  return (
    <Page
      title={care ? care.patient.display_name : t("care.title")}
      caption={care && t("care.caption", { born: dateWords(care.patient.birth_date), number: nhsNumber(care.patient.nhs_number).replaceAll(" ", "\u00a0") })}
      header={<TeamHeader />}
      back={{ href: "/team/caseload", words: t("cases.title") }}
    >
      {care ? (
        <Whole care={care} now={now} />
      ) : (
        <NotThere view={view} refused="care.refused" />
      )}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

function Whole(props: { care: Care; now: Date }): JSX.Element {
  const { care, now } = props;
  return (
    <>
      <p class="al-care__status">
        <CaseStatus status={care.status} died={care.died_on !== null} /> <strong>{statusWords(care, now)}</strong>
      </p>
      <p>
        {care.enrolments
          .filter((one) => one.status !== "ended")
          .map((one) => one.title)
          .join(", ") || t("cases.noPathway")}
      </p>
      <p>
        <a class="al-kit-link" href={`/team/person/${care.patient.id}`}>
          {t("join.toRecord")}
        </a>
      </p>
      <Reviews care={care} now={now} />
      <Pauses care={care} now={now} />
      <Acts care={care} />
      <OwnPhones patient={care.patient.id} now={now} />
    </>
  );
}

function statusWords(care: Care, now: Date): string {
  if (care.died_on) return t("care.died", { date: dateWords(care.died_on) });
  const pause = care.pauses.find((one) => one.is_now);
  if (pause) {
    const until = exactly(new Date(pause.until), now);
    return t(pause.kind === "admission" ? "care.admitted" : "care.paused", { until });
  }
  return t(care.monitored ? "care.watched" : "care.notWatched");
}

function Reviews(props: { care: Care; now: Date }): JSX.Element {
  const { care, now } = props;
  const last = care.reviews.filter((one) => one.note)[0];
  return (
    <section aria-labelledby="reviews-title">
      <h2 class="al-section" id="reviews-title">
        {t("care.reviews")}
      </h2>
      <p>{care.review_due ? t("care.reviewDue", { date: dateWords(care.review_due) }) : t("care.noReview")}</p>
      {last && (
        <p class="al-quiet">
          {t("care.lastReview", { when: exactly(new Date(last.at), now), who: last.by })} {last.note}
        </p>
      )}
    </section>
  );
}

function Pauses(props: { care: Care; now: Date }): JSX.Element | null {
  const { care, now } = props;
  if (care.pauses.length === 0) return null;
  return (
    <section aria-labelledby="pauses-title">
      <h2 class="al-section" id="pauses-title">
        {t("care.pauses")}
      </h2>
      <ul class="al-kit-lines">
        {care.pauses.map((one) => (
          <li key={one.id}>{pauseWords(one, now)}</li>
        ))}
      </ul>
    </section>
  );
}

function pauseWords(one: Pause, now: Date): string {
  return t(one.kind === "admission" ? "care.admission" : "care.pause", {
    from: exactly(new Date(one.from), now),
    until: exactly(new Date(one.until), now),
    reason: one.reason,
  });
}

function Acts(props: { care: Care }): JSX.Element {
  const acts = actsOf(props.care);
  const link = (act: Act, look = ""): JSX.Element => (
    <li key={act}>
      <a class={`al-button al-button--quiet${look}`} href={`/team/care/${props.care.patient.id}/${act}`}>
        {t(`careAct.${act}`)}
      </a>
    </li>
  );
  return (
    <section aria-labelledby="acts-title">
      <h2 class="al-section" id="acts-title">
        {t("care.acts")}
      </h2>
      <ul class="al-acts">{acts.map((act) => link(act))}</ul>
    </section>
  );
}
