// My goals: what I want, why, and the small steps towards it, each ticked with one tap.
import type { JSX } from "preact";
import { calendarDate } from "../../core/format";
import { saveGoal } from "../../core/planChanges";
import { dayOf, middayOf } from "../../core/planDays";
import { saidOf } from "../../core/planPending";
import type { Drawn } from "../../core/planTasks";
import { t } from "../../core/words";
import type { Goal, Step } from "../../core/planTypes";
import type { Shown } from "../../parts/plan/PlanPage";
import { Tickable } from "../../parts/plan/Tickable";
import { Waits } from "../../parts/plan/Waits";

export function Goals(props: { shown: Shown }): JSX.Element {
  const { drawn, plan } = props.shown;
  const goals = drawn.goals.filter(({ item }) => item.state !== "let-go");
  return (
    <section class="al-card" aria-labelledby="goals-title">
      <h2 class="al-card__title" id="goals-title">
        {t("goals.title")}
      </h2>
      {goals.length === 0 && <p>{t("goals.none")}</p>}
      {goals.map((goal) => (
        <OneGoal key={goal.item.id} drawn={goal} shown={props.shown} />
      ))}
      {plan.may.includes("edit") && (
        <p class="al-card__ways">
          <a class="al-button al-button--quiet" href="/plan/goal/new">
            {t("goals.add")}
          </a>
        </p>
      )}
    </section>
  );
}

function OneGoal(props: { drawn: Drawn<Goal>; shown: Shown }): JSX.Element {
  const { item: goal } = props.drawn;
  const { patient, now, plan } = props.shown;
  const toggle = (step: Step): void => {
    const done_on = step.done_on === null ? dayOf(now) : null;
    const steps = goal.steps.map((one) => (one.id === step.id ? { ...one, done_on } : one));
    void saveGoal(patient.id, { ...goal, steps });
  };
  return (
    <div class="al-goal">
      <h3 class="al-goal__title">{goal.text}</h3>
      {goal.state === "reached" && <p class="al-signed">{t("goals.reached")}</p>}
      {goal.private && <p class="al-quiet">{t("plan.onlyMe")}</p>}
      {goal.why && <p>{goal.why}</p>}
      {goal.by_date && <p class="al-quiet">{t("goals.by", { date: calendarDate(middayOf(goal.by_date)) })}</p>}
      {goal.steps.map((step) => (
        <Tickable
          key={step.id}
          done={step.done_on !== null}
          state={
            step.done_on === null
              ? t("todo.markDone")
              : t("goals.doneOn", { date: calendarDate(middayOf(step.done_on)) })
          }
          onToggle={() => toggle(step)}
        >
          {step.text}
        </Tickable>
      ))}
      <Waits queued={saidOf(props.drawn)} />
      {plan.may.includes("edit") && (
        <a class="al-card__more" href={`/plan/goal/${goal.id}`}>
          {t("goals.change")}
          <span class="nhsuk-u-visually-hidden">: {goal.text}</span>
        </a>
      )}
    </div>
  );
}
