// Changes that somebody asks for: what stands and what they ask for beside each other, taken or declined with words.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Plan, Proposal, Section } from "../../../core/planTypes";
import { calendarDate, clockTime } from "../../../core/format";
import { planDrafts, teamPlanOf } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { ErrorSummary, FieldErrorMessage } from "../../../parts/ErrorSummary";
import { Body } from "../../../parts/plan/Body";
import { useChange } from "../../../parts/team/useChange";

export function Proposals(props: { plan: Plan }): JSX.Element | null {
  const { plan } = props;
  const open = plan.proposals.filter((one) => one.state === "open");
  const settled = plan.proposals.filter((one) => one.state !== "open");
  if (plan.proposals.length === 0) return null;
  return (
    <section aria-labelledby="proposals-title">
      <h2 class="al-section" id="proposals-title">
        {t("teamPlan.proposals")}
      </h2>
      {open.length === 0 && <p>{t("teamPlan.noProposals")}</p>}
      {open.map((one) => (
        <Asked key={one.id} one={one} plan={plan} />
      ))}
      {settled.length > 0 && (
        <details class="nhsuk-details">
          <summary class="nhsuk-details__summary">
            <span class="nhsuk-details__summary-text">{t("teamPlan.settled", { n: settled.length })}</span>
          </summary>
          <ul class="nhsuk-list nhsuk-details__text">
            {settled.map((one) => (
              <li key={one.id}>{settledWords(one, plan)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const titleOf = (one: Proposal, plan: Plan): string =>
  plan.sections.find(({ key }) => key === one.section)?.title ?? one.section;

function settledWords(one: Proposal, plan: Plan): string {
  const said = {
    part: titleOf(one, plan), who: one.name, by: one.settled_by ?? "", words: one.words,
    date: one.settled_at ? calendarDate(new Date(one.settled_at)) : "",
  };
  return t(one.state === "accepted" ? "teamPlan.accepted" : "teamPlan.declined", said);
}

function Asked(props: { one: Proposal; plan: Plan }): JSX.Element {
  const { one, plan } = props;
  const section = plan.sections.find(({ key }) => key === one.section);
  const at = new Date(one.at);
  const who = one.relation === "carer" ? t("thread.carer", { name: one.name }) : one.name;
  return (
    <article class="al-card al-part" aria-labelledby={`asked-${one.id}`} data-proposal={one.section}>
      <h3 class="al-part__title" id={`asked-${one.id}`}>
        {titleOf(one, plan)}
      </h3>
      <p>{t("teamPlan.askedBy", { who, date: calendarDate(at), time: clockTime(at) })}</p>
      {section && one.on_version !== section.version && <p class="al-signed">{t("teamPlan.olderWords")}</p>}
      <div class="al-versions">
        <div>
          <h4 class="al-versions__title">{t("teamPlan.stands")}</h4>
          {section && <Body body={section.body} />}
        </div>
        <div class="al-new">
          <h4 class="al-versions__title">{t("teamPlan.askedFor")}</h4>
          <Body body={one.body} />
        </div>
      </div>
      {section && plan.may.includes("settle") ? (
        <Settle one={one} section={section} plan={plan} />
      ) : (
        <p class="al-quiet">{t("teamPlan.clinicianSettles")}</p>
      )}
    </article>
  );
}

function Settle(props: { one: Proposal; section: Section; plan: Plan }): JSX.Element {
  const { one, section, plan } = props;
  const id = `words-${one.id}`;
  const settling = useSettling(one, section, plan, id);
  const error = settling.errors.find(({ field }) => field === id)?.words ?? null;
  return (
    <div class="al-ask">
      <ErrorSummary errors={settling.errors} />
      <label class="nhsuk-label" for={id}>
        {t("teamPlan.words", { who: one.name })}
      </label>
      <div class="nhsuk-hint" id={`${id}-hint`}>
        {t("teamPlan.wordsHint")}
      </div>
      {error && <FieldErrorMessage id={`${id}-error`}>{error}</FieldErrorMessage>}
      <textarea
        class="nhsuk-textarea"
        id={id}
        rows={2}
        maxLength={500}
        autocomplete="off"
        aria-describedby={`${id}-hint${error ? ` ${id}-error` : ""}`}
        value={settling.words}
        onInput={(event) => settling.write(event.currentTarget.value)}
      />
      <div class="al-actions__buttons">
        <button class="al-button" type="button" aria-disabled={settling.busy} onClick={() => void settling.settle("accept")}>
          {t(one.relation === "self" ? "teamPlan.accept" : "teamPlan.acceptCarers")}
        </button>
        <button
          class="al-button al-button--quiet"
          type="button"
          aria-disabled={settling.busy}
          onClick={() => void settling.settle("decline")}
        >
          {t("teamPlan.decline")}
        </button>
      </div>
      {one.relation !== "self" && (
        <p class="al-quiet al-after">{t("teamPlan.thenPerson", { name: plan.patient.display_name })}</p>
      )}
    </div>
  );
}

interface Settling {
  words: string;
  errors: ReturnType<typeof useChange>["errors"];
  busy: boolean;
  write: (words: string) => void;
  settle: (how: "accept" | "decline") => Promise<void>;
}

/** At the section's version that stands beside it: what a colleague changed meanwhile is shown before it is settled. */
function useSettling(one: Proposal, section: Section, plan: Plan, field: string): Settling {
  const draft = planDrafts.get(one.id);
  const [words, setWords] = useState(typeof draft === "string" ? draft : "");
  const changing = useChange();
  const write = (next: string): void => {
    planDrafts.set(one.id, next);
    setWords(next);
  };
  const settle = async (how: "accept" | "decline"): Promise<void> => {
    if (how === "decline" && !words.trim()) {
      changing.fail([{ field, words: t("teamPlan.wordsEmpty") }]);
      return;
    }
    const answer = await changing.send({
      path: `/patients/${plan.patient.id}/plan/proposals/${one.id}/settle`,
      body: { how, words: words.trim() },
      version: section.version,
    });
    if (answer.kind === "done") planDrafts.delete(one.id);
    await teamPlanOf(plan.patient.id).pull();
  };
  return { words, errors: changing.errors, busy: changing.busy, write, settle };
}
