// Today's things of the plan, each with "Mark as done"; a tick is kept here at once and sent when it can be.
import type { JSX } from "preact";
import { t } from "../../core/words";
import { timeWords, type Due } from "../../core/planDays";
import { tickTask } from "../../core/planTasks";
import { Tickable } from "../../parts/plan/Tickable";

export function Todo(props: { patient: string; due: readonly Due[] }): JSX.Element | null {
  if (props.due.length === 0) return null;
  return (
    <section aria-labelledby="todo-title">
      <h2 class="al-section" id="todo-title">
        {t("today.todo")}
      </h2>
      {props.due.map((one) => (
        <TodoRow key={`${one.task.id} ${one.time ?? ""}`} patient={props.patient} due={one} />
      ))}
    </section>
  );
}

function TodoRow(props: { patient: string; due: Due }): JSX.Element {
  const { task, day, time, tick } = props.due;
  const done = tick?.done ?? false;
  // A phone with no room left shows the box empty again: what it could not keep is not done.
  const toggle = (): void => void tickTask(props.patient, task, { day, time, done: !done }).catch(() => undefined);
  return (
    <Tickable done={done} state={t(done ? "todo.done" : "todo.markDone")} onToggle={toggle}>
      {time && <strong>{timeWords(time)} </strong>}
      {task.text}
    </Tickable>
  );
}
