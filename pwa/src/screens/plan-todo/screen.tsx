// Something to do: what, on which days, at what times, and whether this phone says so when it is time.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useRoute } from "preact-iso";
import type { Queued } from "../../core/outbox";
import { newTask, saveTask, taskSeen } from "../../core/planChanges";
import { saidOf } from "../../core/planPending";
import { DAYS } from "../../core/planDays";
import { t, wordFor } from "../../core/words";
import type { Task, TaskKind } from "../../core/planTypes";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { SelectField, Switch, TextField } from "../../parts/Fields";
import { PlanPage, toPlan, type Shown } from "../../parts/plan/PlanPage";
import { Rows } from "../../parts/plan/Rows";
import { useBoth } from "../../parts/plan/useBoth";
import { useSaving } from "../../parts/plan/useSaving";
import { Waits } from "../../parts/plan/Waits";
import { useDraft } from "../../parts/useDraft";

export const address = "/plan/todo/:id";
export const nav = "plan";
export const example = "/plan/todo/new";

const KINDS: readonly TaskKind[] = ["action", "medicine"];

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "new";
  return (
    <PlanPage title={() => t(id === "new" ? "todo.new" : "todo.one")} back={toPlan()}>
      {(shown) => <Opened key={id} id={id} shown={shown} />}
    </PlanPage>
  );
}

function Opened(props: { id: string; shown: Shown }): JSX.Element {
  const { id, shown } = props;
  const made = useMemo(newTask, []);
  const drawn = shown.drawn.todo.find(({ item }) => item.id === id);
  const waiting = drawn ? saidOf(drawn) : null;
  const both = useBoth(waiting);
  if (!drawn && id !== "new") return <p>{t("todo.gone")}</p>;
  const name = `${shown.patient.id}/todo/${id}`;
  if (both === null) return <Form name={name} task={drawn?.item ?? made} shown={shown} instead={null} />;
  if (both === "unsettled" || both.kind !== "task") return <Waits queued={waiting} />;
  return <Form name={`${name}/both`} task={both.mine} shown={shown} instead={waiting} />;
}

function wrongWith(task: Task): FieldError[] {
  const errors: FieldError[] = [];
  if (!task.text) errors.push({ field: "what", words: t("todo.noText") });
  if (task.remind && task.times.length === 0) errors.push({ field: "times", words: t("todo.noTime") });
  return errors;
}

function cleaned(task: Task): Task {
  const times = [...new Set(task.times.filter(Boolean))].sort();
  return { ...task, text: task.text.trim(), how: task.how.trim(), times };
}

interface FormProps {
  name: string;
  task: Task;
  shown: Shown;
  /** The change that met another one, and is settled by this form. */
  instead: Queued | null;
}

function Form(props: FormProps): JSX.Element {
  const { name, task, shown, instead } = props;
  const patient = shown.patient.id;
  const { value, change, forget, isKept } = useDraft(name, { task, base: instead ? task.version : taskSeen(patient, task) });
  const { errors, busy, save } = useSaving();
  const set = (more: Partial<Task>): void => change({ ...value, task: { ...value.task, ...more } });
  const store = (stopped: boolean): void => {
    const wish = cleaned({ ...value.task, stopped });
    save(wrongWith(wish), () => saveTask(patient, wish, { draftOf: name, base: value.base, instead }).then(forget), "/plan");
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    store(value.task.stopped);
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      {isKept && <p class="al-quiet">{t("edit.kept")}</p>}
      {instead && <p class="al-waits">{t("edit.both")}</p>}
      <What task={value.task} errors={errors} onChange={set} />
      <When task={value.task} onChange={set} />
      {shown.viewer.isSelf && (
        <Switch label={t("edit.onlyMe")} hint={t("edit.onlyMeHint")} on={value.task.private}
          onChange={(on) => set({ private: on })} />
      )}
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("edit.save")}
      </button>
      {task.version > 0 && (
        <button class="al-link-button" type="button" onClick={() => store(true)}>
          {t("todo.stop")}
        </button>
      )}
    </form>
  );
}

interface PartProps {
  task: Task;
  errors?: readonly FieldError[];
  onChange: (more: Partial<Task>) => void;
}

function What(props: PartProps): JSX.Element {
  const { task, errors = [], onChange } = props;
  const kinds = KINDS.map((value) => ({ value, words: t(`todo.kind.${value as "action" | "medicine"}`) }));
  return (
    <>
      <TextField id="what" label={t("todo.what")} maxLength={300} value={task.text} errors={errors}
        onInput={(text) => onChange({ text })} />
      <TextField id="how" label={t("todo.how")} hint={t("todo.howHint")} maxLength={500} value={task.how}
        onInput={(how) => onChange({ how })} />
      {KINDS.includes(task.kind) && (
        <SelectField id="kind" label={t("todo.kind")} value={task.kind} choices={kinds}
          onInput={(kind) => onChange({ kind: kind as TaskKind })} />
      )}
    </>
  );
}

function When(props: PartProps): JSX.Element {
  const { task, onChange } = props;
  const every = task.days.length === 0;
  const toggle = (day: string): void => {
    const days = task.days.includes(day) ? task.days.filter((one) => one !== day) : [...task.days, day];
    onChange({ days: days.length === 7 ? [] : days });
  };
  return (
    <>
      <h2 class="al-section" id="days-title">
        {t("todo.days")}
      </h2>
      <div class="al-spans" role="group" aria-labelledby="days-title">
        <button class="al-span" type="button" aria-pressed={every} onClick={() => onChange({ days: [] })}>
          {t("days.every")}
        </button>
        {DAYS.map((day) => (
          <button key={day} class="al-span" type="button" aria-pressed={task.days.includes(day)}
            onClick={() => toggle(day)}>
            {wordFor("day", day) ?? day}
          </button>
        ))}
      </div>
      <h2 class="al-section" id="times" tabIndex={-1}>
        {t("todo.times")}
      </h2>
      <Rows items={task.times} blank="08:00" add={t("todo.addTime")} remove={() => t("todo.removeTime")}
        onChange={(times) => onChange({ times })}>
        {(time, id, put) => <TextField id={id} label={t("todo.time")} type="time" value={time} onInput={put} />}
      </Rows>
      <Switch label={t("todo.remind")} hint={t("todo.remindHint")} on={task.remind}
        onChange={(remind) => onChange({ remind })} />
    </>
  );
}
