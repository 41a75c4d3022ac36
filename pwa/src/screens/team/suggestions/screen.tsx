// What people on the team's pathways suggested, and the public answers: for clinicians and team leads.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { calendarDate } from "../../../core/format";
import { teamSuggestions, type HelpfulCount, type Suggestion } from "../../../core/teamSuggestions";
import { t, wordFor } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { AnswerForm } from "./AnswerForm";

export const address = "/team/suggestions";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(teamSuggestions, []));
  const all = view.body;
  return (
    <Page title={t("feedback.title")} header={<TeamHeader />} back={{ href: "/team/plans", words: t("plans.title") }}>
      <p>{t("feedback.words")}</p>
      <SyncStatus view={view} now={now} />
      {!all && <NotThere view={view} refused="feedback.refused" />}
      {all?.rows.length === 0 && <p>{t("feedback.none")}</p>}
      <ol class="al-rows">
        {all?.rows.map((one) => <Row key={one.id} one={one} />)}
      </ol>
      {all && all.helpful.length > 0 && <Counts counts={all.helpful} />}
    </Page>
  );
}

const aboutWords = (about: string): string => wordFor("feedback.about", about) ?? about;

function Row(props: { one: Suggestion }): JSX.Element {
  const { one } = props;
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  const date = calendarDate(new Date(one.at));
  return (
    <li class="al-card" data-suggestion={one.id}>
      <p class="al-said-words">{one.words}</p>
      <p class="al-quiet">
        {t("feedback.meta", { about: aboutWords(one.about), pathways: one.titles.join(", "), date })}
      </p>
      {one.answer === null ? (
        <p>
          <span class="al-mark">{t("feedback.waits")}</span>
        </p>
      ) : (
        <Answered one={one} />
      )}
      <p class="al-card__ways al-card__ways--top">
        <button class="al-button al-button--quiet" type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(one.answer === null ? "feedback.write" : "feedback.better")}
        </button>
      </p>
      <div role="status">{isDone && <p class="al-notice">{t("feedback.done")}</p>}</div>
      {isOpen && (
        <AnswerForm
          one={one}
          onDone={() => {
            setOpen(false);
            setDone(true);
          }}
        />
      )}
    </li>
  );
}

function Answered(props: { one: Suggestion }): JSX.Element {
  const { one } = props;
  return (
    <div class="al-new">
      <p>
        <strong>{one.asked}</strong>
      </p>
      <p>{one.answer}</p>
      <p class="al-quiet">
        {t("feedback.answeredBy", {
          name: one.answered_by ?? "",
          date: one.answered_at ? calendarDate(new Date(one.answered_at)) : "",
        })}
      </p>
    </div>
  );
}

function Counts(props: { counts: readonly HelpfulCount[] }): JSX.Element {
  return (
    <section aria-labelledby="helpful-title">
      <h2 class="al-section" id="helpful-title">
        {t("feedback.helpful")}
      </h2>
      <ul class="nhsuk-list">
        {props.counts.map((one) => (
          <li key={`${one.pathway} ${one.about}`}>
            {t("feedback.counts", {
              about: aboutWords(one.about), pathway: one.title, yes: one.yes, no: one.no,
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
