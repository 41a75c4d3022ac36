// Changing one section: what is typed is kept, and a section that a clinician signed says what will happen.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import type { Queued } from "../../core/outbox";
import { cleanBody, startingBody } from "../../core/planBodies";
import { changeSection, sectionSeen } from "../../core/planChanges";
import { isGuarded, saidOf } from "../../core/planPending";
import { planShow, type Drawn } from "../../core/planTasks";
import { isUnwritten } from "../../core/planWords";
import { t } from "../../core/words";
import type { Section, SectionBody } from "../../core/planTypes";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Switch } from "../../parts/Fields";
import { BodyFields } from "../../parts/plan/BodyFields";
import { PlanPage, toPlan, type Shown } from "../../parts/plan/PlanPage";
import { useBoth } from "../../parts/plan/useBoth";
import { useSaving } from "../../parts/plan/useSaving";
import { Waits } from "../../parts/plan/Waits";
import { useDraft } from "../../parts/useDraft";

export const address = "/plan/edit/:section";
export const nav = "plan";
export const example = "/plan/edit/matters";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const key = params["section"] ?? "";
  const find = (shown: Shown | null): Drawn<Section> | undefined =>
    shown?.drawn.sections.find(({ item }) => item.key === key);
  return (
    <PlanPage title={(shown) => find(shown)?.item.title ?? t("plan.title")} back={toPlan()}>
      {(shown) => {
        const drawn = find(shown);
        if (!drawn) return <p>{t("edit.noSection")}</p>;
        return <Opened key={key} drawn={drawn} shown={shown} />;
      }}
    </PlanPage>
  );
}

interface Edit {
  body: SectionBody;
  private: boolean;
  base: number | null;
}

/** Goes on from the change that still waits, so that nobody types the same thing twice. */
function startOf(drawn: Drawn<Section>, patient: string): Edit {
  const { item: section, waiting } = drawn;
  const show = waiting ? planShow(waiting) : null;
  const standing = isUnwritten(section) ? { text: "" } : section.body;
  const body = show?.kind === "section" ? show.body : standing;
  return {
    body: startingBody({ kind: section.kind, body }),
    private: section.private,
    base: sectionSeen(patient, section),
  };
}

function Opened(props: { drawn: Drawn<Section>; shown: Shown }): JSX.Element {
  const { drawn, shown } = props;
  const { item: section } = drawn;
  const waiting = saidOf(drawn);
  const both = useBoth(waiting);
  const name = `${shown.patient.id}/plan/${section.key}`;
  if (both === null) return <Form {...props} name={name} start={startOf(drawn, shown.patient.id)} instead={null} />;
  if (both === "unsettled" || both.kind !== "section") return <Waits queued={waiting} />;
  const start = { body: both.mine.body, private: both.mine.private, base: both.theirs.version };
  const stands = { ...props, drawn: { item: both.theirs, waiting } };
  return <Form {...stands} name={`${name}/both`} start={start} instead={waiting} />;
}

interface FormProps {
  drawn: Drawn<Section>;
  shown: Shown;
  name: string;
  start: Edit;
  /** The change that met another one, and is settled by this form. */
  instead: Queued | null;
}

function Form(props: FormProps): JSX.Element {
  const { drawn, shown, name, instead } = props;
  const { item: section } = drawn;
  const { value, change, forget, isKept } = useDraft<Edit>(name, props.start);
  const { errors, busy, save } = useSaving();
  const submit = (event: Event): void => {
    event.preventDefault();
    const said = { body: cleanBody(value.body), private: value.private };
    const how = { draftOf: name, base: value.base, instead };
    save([], () => changeSection(shown.patient.id, section, said, how).then(forget), "/plan");
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      {isKept && <p class="al-quiet">{t("edit.kept")}</p>}
      {instead && <p class="al-waits">{t("edit.both")}</p>}
      {section.clinical && <p class="al-waits">{t(isGuarded(section) ? "edit.proposal" : "edit.clinical")}</p>}
      <BodyFields
        body={value.body}
        title={section.title}
        prompt={section.prompt}
        errors={errors}
        onChange={(body) => change({ ...value, body })}
      />
      {shown.viewer.isSelf && !section.clinical && (
        <Switch
          label={t("edit.onlyMe")}
          hint={t("edit.onlyMeHint")}
          on={value.private}
          onChange={(on) => change({ ...value, private: on })}
        />
      )}
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t(isGuarded(section) ? "edit.propose" : "edit.save")}
      </button>
    </form>
  );
}
