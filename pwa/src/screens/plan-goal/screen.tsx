// A goal: what I want, why, by when, and the small steps; each can be changed, and it can be reached or let go.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useRoute } from "preact-iso";
import type { Queued } from "../../core/outbox";
import { goalSeen, newGoal, saveGoal } from "../../core/planChanges";
import { saidOf } from "../../core/planPending";
import { t } from "../../core/words";
import type { Goal, GoalState, Step } from "../../core/planTypes";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Switch, TextBox, TextField } from "../../parts/Fields";
import { PlanPage, toPlan, type Shown } from "../../parts/plan/PlanPage";
import { Rows } from "../../parts/plan/Rows";
import { useBoth } from "../../parts/plan/useBoth";
import { useSaving } from "../../parts/plan/useSaving";
import { Waits } from "../../parts/plan/Waits";
import { useDraft } from "../../parts/useDraft";

export const address = "/plan/goal/:id";
export const nav = "plan";
export const example = "/plan/goal/new";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "new";
  return (
    <PlanPage title={() => t(id === "new" ? "goals.new" : "goals.one")} back={toPlan()}>
      {(shown) => <Opened key={id} id={id} shown={shown} />}
    </PlanPage>
  );
}

function Opened(props: { id: string; shown: Shown }): JSX.Element {
  const { id, shown } = props;
  const made = useMemo(newGoal, []);
  const drawn = shown.drawn.goals.find(({ item }) => item.id === id);
  const waiting = drawn ? saidOf(drawn) : null;
  const both = useBoth(waiting);
  if (!drawn && id !== "new") return <p>{t("goals.gone")}</p>;
  const name = `${shown.patient.id}/goal/${id}`;
  if (both === null) return <Form name={name} goal={drawn?.item ?? made} shown={shown} instead={null} />;
  if (both === "unsettled" || both.kind !== "goal") return <Waits queued={waiting} />;
  return <Form name={`${name}/both`} goal={both.mine} shown={shown} instead={waiting} />;
}

const NO_STEP: Step = { id: "", text: "", done_on: null };

function cleaned(goal: Goal): Goal {
  const steps = goal.steps
    .map((step) => ({ ...step, id: step.id || crypto.randomUUID(), text: step.text.trim() }))
    .filter(({ text }) => text);
  return { ...goal, text: goal.text.trim(), why: goal.why.trim(), by_date: goal.by_date || null, steps };
}

interface FormProps {
  name: string;
  goal: Goal;
  shown: Shown;
  /** The change that met another one, and is settled by this form. */
  instead: Queued | null;
}

function Form(props: FormProps): JSX.Element {
  const { name, goal, shown, instead } = props;
  const patient = shown.patient.id;
  const { value, change, forget, isKept } = useDraft(name, { goal, base: instead ? goal.version : goalSeen(patient, goal) });
  const { errors, busy, save } = useSaving();
  const set = (more: Partial<Goal>): void => change({ ...value, goal: { ...value.goal, ...more } });
  const store = (state: GoalState): void => {
    const wish = cleaned({ ...value.goal, state });
    const missing: FieldError[] = wish.text ? [] : [{ field: "goal", words: t("goals.noText") }];
    save(missing, () => saveGoal(patient, wish, { draftOf: name, base: value.base, instead }).then(forget), "/plan");
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    store(value.goal.state);
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      {isKept && <p class="al-quiet">{t("edit.kept")}</p>}
      {instead && <p class="al-waits">{t("edit.both")}</p>}
      <Fields goal={value.goal} errors={errors} onChange={set} isSelf={shown.viewer.isSelf} />
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("edit.save")}
      </button>
      {goal.version > 0 && <Ends state={value.goal.state} onEnd={store} />}
    </form>
  );
}

function Fields(props: {
  goal: Goal;
  errors: readonly FieldError[];
  isSelf: boolean;
  onChange: (more: Partial<Goal>) => void;
}): JSX.Element {
  const { goal, errors, onChange } = props;
  return (
    <>
      <TextBox
        id="goal"
        label={t("goals.text")}
        hint={t("goals.textHint")}
        rows={3}
        maxLength={500}
        value={goal.text}
        errors={errors}
        onInput={(text) => onChange({ text })}
      />
      <TextBox
        id="why"
        label={t("goals.why")}
        rows={2}
        maxLength={1000}
        value={goal.why}
        onInput={(why) => onChange({ why })}
      />
      <h2 class="al-section">{t("goals.steps")}</h2>
      <Rows
        items={goal.steps}
        blank={NO_STEP}
        add={t("goals.addStep")}
        remove={(step) => t("edit.remove", { what: step.text || t("edit.thisOne") })}
        onChange={(steps) => onChange({ steps })}
      >
        {(step, id, put) => (
          <TextField id={id} label={t("goals.step")} maxLength={300} value={step.text}
            onInput={(text) => put({ ...step, text })} />
        )}
      </Rows>
      <TextField id="by" label={t("goals.byDate")} type="date" value={goal.by_date ?? ""}
        onInput={(by_date) => onChange({ by_date })} />
      {props.isSelf && (
        <Switch label={t("edit.onlyMe")} hint={t("edit.onlyMeHint")} on={goal.private}
          onChange={(on) => onChange({ private: on })} />
      )}
    </>
  );
}

function Ends(props: { state: GoalState; onEnd: (state: GoalState) => void }): JSX.Element {
  const { state, onEnd } = props;
  if (state !== "open")
    return (
      <button class="al-link-button" type="button" onClick={() => onEnd("open")}>
        {t("goals.again")}
      </button>
    );
  return (
    <p class="al-card__ways">
      <button class="al-button al-button--quiet" type="button" onClick={() => onEnd("reached")}>
        {t("goals.reach")}
      </button>
      <button class="al-link-button" type="button" onClick={() => onEnd("let-go")}>
        {t("goals.letGo")}
      </button>
    </p>
  );
}
