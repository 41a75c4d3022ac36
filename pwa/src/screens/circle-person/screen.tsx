// Changing what one person may see, or letting them help no more: at once, and asked once more before it ends.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { changeHelper, endHelper } from "../../core/circle";
import { endOfDay } from "../../core/circleWords";
import { dayOf } from "../../core/planDays";
import { t } from "../../core/words";
import type { Helper } from "../../core/circleTypes";
import { AllowedFields, wrongWith, type AllowedDraft } from "../../parts/AllowedFields";
import { CirclePage, toCircle, type CircleShown } from "../../parts/CirclePage";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { useUnsaved } from "../../parts/hooks";
import { useAct } from "../../parts/useAct";

export const address = "/circle/person/:id";
export const nav = "plan";
export const example = "/circle/person/none";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  return (
    <CirclePage title={t("helper.title")} back={toCircle()}>
      {(shown) => {
        const helper = shown.circle.people.find(({ id }) => id === params["id"]);
        if (!helper || shown.patient.relation !== "self") return <p>{t("helper.gone")}</p>;
        return <Form key={helper.id} helper={helper} shown={shown} />;
      }}
    </CirclePage>
  );
}

function Form(props: { helper: Helper; shown: CircleShown }): JSX.Element {
  const { helper, shown } = props;
  const { route } = useLocation();
  const until = helper.until ? dayOf(new Date(helper.until)) : "";
  const start: AllowedDraft = { scopes: helper.scopes, until, tell_seen: helper.tell_seen };
  const [changed, setChanged] = useState<AllowedDraft | null>(null);
  const value = changed ?? start;
  useUnsaved(changed !== null);
  const { errors, busy, fail, run } = useAct();
  const done = (): void => {
    shown.again();
    route("/circle");
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const found = wrongWith(value, dayOf(shown.now));
    fail(found);
    if (found.length > 0) return;
    const allowed = { scopes: value.scopes, tell_seen: value.tell_seen, until: endOfDay(value.until) };
    run(() => changeHelper(shown.patient.id, helper, allowed).then(done));
  };
  return (
    <>
      <ErrorSummary errors={errors} />
      <p class="al-sentence">
        <strong>{helper.name}</strong>, {helper.relation}
      </p>
      <form onSubmit={submit} noValidate>
        <AllowedFields value={value} errors={errors} onChange={(more) => setChanged({ ...value, ...more })} />
        <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
          {t("edit.save")}
        </button>
      </form>
      <End name={helper.name} busy={busy} onEnd={() => run(() => endHelper(shown.patient.id, helper.id).then(done))} />
    </>
  );
}

function End(props: { name: string; busy: boolean; onEnd: () => void }): JSX.Element {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked)
    return (
      <button class="al-link-button" type="button" onClick={() => setAsked(true)}>
        {t("helper.end", { name: props.name })}
      </button>
    );
  return (
    <div class="al-new">
      <p>{t("helper.endWords", { name: props.name })}</p>
      <p class="al-card__ways">
        <button class="al-button" type="button" aria-disabled={props.busy} onClick={props.onEnd}>
          {t("helper.endSure")}
        </button>
        <button class="al-link-button" type="button" onClick={() => setAsked(false)}>
          {t("helper.keep")}
        </button>
      </p>
    </div>
  );
}
