// Today and this week: what there is to do, ticked with one tap, and what comes on the next days.
import type { JSX } from "preact";
import { weekday } from "../../core/format";
import { dayOf, dueOn, laterThisWeek, middayOf, timeWords, type Due } from "../../core/planDays";
import { saidOf } from "../../core/planPending";
import { tickTask } from "../../core/planTasks";
import { whenDueWords } from "../../core/planWords";
import { t } from "../../core/words";
import type { Shown } from "../../parts/plan/PlanPage";
import { Tickable } from "../../parts/plan/Tickable";
import { Waits } from "../../parts/plan/Waits";

export function Doing(props: { shown: Shown }): JSX.Element {
  const { drawn, now, plan, patient } = props.shown;
  const tasks = drawn.todo.map(({ item }) => item);
  const today = dayOf(now);
  const due = dueOn(tasks, today);
  const later = laterThisWeek(tasks, today);
  const mayEdit = plan.may.includes("edit");
  return (
    <>
      {due.length === 0 && <p>{t("plan.nothingToday")}</p>}
      {due.map((one) => (
        <DueRow key={`${one.task.id} ${one.time ?? ""}`} due={one} patient={patient.id} shown={props.shown} />
      ))}
      {later.length > 0 && <h3 class="al-new__title">{t("plan.later")}</h3>}
      <ul class="al-list">
        {later.map(({ task, day }) => (
          <li key={task.id}>
            {task.text}
            <span class="al-list__more al-quiet">{weekday(middayOf(day))}</span>
          </li>
        ))}
      </ul>
      {tasks.length > 0 && mayEdit && <Every shown={props.shown} />}
      {mayEdit && (
        <p class="al-card__ways">
          <a class="al-button al-button--quiet" href="/plan/todo/new">
            {t("todo.add")}
          </a>
        </p>
      )}
    </>
  );
}

function DueRow(props: { due: Due; patient: string; shown: Shown }): JSX.Element {
  const { due, patient } = props;
  const { task, day, time } = due;
  const done = due.tick?.done ?? false;
  const drawn = props.shown.drawn.todo.find(({ item }) => item.id === task.id);
  const state = t(done ? "todo.done" : "todo.markDone");
  const toggle = (): void => void tickTask(patient, task, { day, time, done: !done });
  return (
    <>
      <Tickable done={done} state={state} onToggle={toggle}>
        {time && <strong>{timeWords(time)} </strong>}
        {task.text}
        {task.how && <span class="al-list__more al-quiet">{task.how}</span>}
      </Tickable>
      <Waits queued={drawn ? saidOf(drawn) : null} />
    </>
  );
}

/** Every thing to do with its days and times, each a way to change it. */
function Every(props: { shown: Shown }): JSX.Element {
  return (
    <details class="nhsuk-details">
      <summary class="nhsuk-details__summary">
        <span class="nhsuk-details__summary-text">{t("todo.all")}</span>
      </summary>
      <ul class="al-list">
        {props.shown.drawn.todo
          .filter(({ item }) => !item.stopped)
          .map(({ item }) => (
            <li key={item.id}>
              <a class="al-card__more" href={`/plan/todo/${item.id}`}>
                {item.text}
              </a>
              <span class="al-list__more al-quiet">{whenDueWords(item)}</span>
            </li>
          ))}
      </ul>
    </details>
  );
}
