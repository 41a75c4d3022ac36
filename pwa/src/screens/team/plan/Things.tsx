// Goals and things to do as the team reads them: theirs to see, the person's to change.
import type { JSX } from "preact";
import { calendarDate } from "../../../core/format";
import { middayOf } from "../../../core/planDays";
import type { Goal, Task } from "../../../core/planTypes";
import { whenDueWords } from "../../../core/planWords";
import { t } from "../../../core/words";

export function Goals(props: { goals: readonly Goal[] }): JSX.Element {
  const goals = props.goals.filter((one) => one.state !== "let-go");
  return (
    <article class="al-card al-part" aria-labelledby="part-goals">
      <h3 class="al-part__title" id="part-goals">
        {t("teamPlan.goals")}
      </h3>
      {goals.length === 0 && <p class="al-quiet">{t("teamPlan.unwritten")}</p>}
      {goals.map((one) => (
        <div key={one.id} class="al-goal">
          <p>
            <strong>{one.text}</strong>
          </p>
          {one.private && <p class="al-mark">{t("teamPlan.hidden")}</p>}
          {one.state === "reached" && <p class="al-signed">{t("teamPlan.reached")}</p>}
          {one.why && <p>{one.why}</p>}
          {one.by_date && <p class="al-quiet">{t("goals.by", { date: calendarDate(middayOf(one.by_date)) })}</p>}
          <ul class="nhsuk-list nhsuk-list--bullet">
            {one.steps.map((step) => (
              <li key={step.id}>
                {step.text}
                {step.done_on && `. ${t("teamPlan.doneOn", { date: calendarDate(middayOf(step.done_on)) })}`}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </article>
  );
}

/** How much of the last two weeks was done, as far as somebody has ticked it: no tick is not "not done". */
export function Doing(props: { todo: readonly Task[] }): JSX.Element {
  return (
    <article class="al-card al-part" aria-labelledby="part-todo">
      <h3 class="al-part__title" id="part-todo">
        {t("teamPlan.todo")}
      </h3>
      {props.todo.length === 0 && <p class="al-quiet">{t("teamPlan.unwritten")}</p>}
      <ul class="al-list">
        {props.todo.map((one) => (
          <li key={one.id}>
            <strong>{one.text}</strong> {one.how}
            {one.private && <span class="al-mark">{t("teamPlan.hidden")}</span>}
            <span class="al-list__more">{whenDueWords(one)}</span>
            <span class="al-list__more al-quiet">{tickWords(one)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function tickWords(task: Task): string {
  const done = task.ticks.filter((one) => one.done).length;
  const not = task.ticks.length - done;
  const why = task.ticks.filter((one) => !one.done && one.why).at(-1)?.why;
  if (task.ticks.length === 0) return t("teamPlan.noTicks");
  return [t("teamPlan.ticks", { done, not }), why ? t("teamPlan.why", { why }) : ""].filter(Boolean).join(" ");
}
