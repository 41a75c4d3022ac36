// Putting a new piece of kit into stock, as somebody reads it off the box.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useRef, useState } from "preact/hooks";
import { change } from "../../../core/kit";
import { KIT_KINDS, type KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { ErrorSummary, type FieldError } from "../../../parts/ErrorSummary";
import { Page } from "../../../parts/Page";
import { CheckField, SelectField, TextField, type Choice } from "../../../parts/team/Field";
import { kindWords } from "../../../parts/team/kitWords";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { problemWords } from "../../../parts/team/useKitActions";

export const address = "/team/kit-new";

interface Draft {
  kind: string;
  device_id: string;
  manufacturer: string;
  model: string;
  serial: string;
  batch: string;
  calibration_due: string;
  shared: boolean;
}

const EMPTY: Draft = {
  kind: "",
  device_id: "",
  manufacturer: "",
  model: "",
  serial: "",
  batch: "",
  calibration_due: "",
  shared: false,
};
const NAME = /^[a-z0-9][a-z0-9-]{7,63}$/;

function wrong(draft: Draft): FieldError[] {
  const errors: FieldError[] = [];
  if (!draft.kind) errors.push({ field: "kind", words: t("kitNew.noKind") });
  if (draft.device_id.trim() && !NAME.test(draft.device_id.trim()))
    errors.push({ field: "device_id", words: t("kitNew.badName") });
  return errors;
}

function bodyOf(draft: Draft): Record<string, unknown> {
  const said = Object.entries({
    device_id: draft.device_id,
    manufacturer: draft.manufacturer,
    model: draft.model,
    serial: draft.serial,
    batch: draft.batch,
    calibration_due: draft.calibration_due,
  })
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== "");
  const slots = draft.shared ? { slot_names: [t("kitNew.slotFirst"), t("kitNew.slotSecond")] } : {};
  return { kind: draft.kind, ...Object.fromEntries(said), ...slots };
}

export function Screen(): JSX.Element {
  const { route } = useLocation();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const keys = useRef(new Map<string, string>());
  const submit = async (): Promise<void> => {
    const found = wrong(draft);
    setErrors(found);
    if (found.length > 0 || busy) return;
    setBusy(true);
    const body = bodyOf(draft);
    const intention = JSON.stringify(body);
    const key = keys.current.get(intention) ?? crypto.randomUUID();
    keys.current.set(intention, key);
    const answer = await change<KitDetail>({ path: "/kit", body, version: null, key });
    setBusy(false);
    if (answer.kind === "done" && answer.body) return route(`/team/kit/${answer.body.id}`);
    if (answer.kind === "refused") setErrors([{ field: null, words: problemWords(answer.error, null) }]);
  };
  return (
    <Page
      title={t("kitNew.title")}
      hasError={errors.length > 0}
      header={<TeamHeader />}
      back={{ href: "/team/kit", words: t("kitList.title") }}
    >
      <form
        class="al-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <ErrorSummary errors={errors} />
        <Fields draft={draft} errors={errors} onChange={(part) => setDraft({ ...draft, ...part })} />
        <button class="al-button" type="submit" aria-disabled={busy}>
          {t(busy ? "kitAct.busy" : "kitNew.do")}
        </button>
      </form>
    </Page>
  );
}

function kindChoices(): Choice[] {
  const kinds = KIT_KINDS.map((kind) => ({ value: kind, words: kindWords(kind) }));
  return [{ value: "", words: t("kitNew.choose") }, ...kinds];
}

function Fields(props: {
  draft: Draft;
  errors: FieldError[];
  onChange: (part: Partial<Draft>) => void;
}): JSX.Element {
  const { draft, onChange } = props;
  const error = (field: string): string | null =>
    props.errors.find((one) => one.field === field)?.words ?? null;
  const text = (id: "manufacturer" | "model" | "serial" | "batch"): JSX.Element => (
    <TextField id={id} label={t(`kitNew.${id}`)} value={draft[id]} onInput={(value) => onChange({ [id]: value })} />
  );
  return (
    <>
      <SelectField
        id="kind"
        label={t("kitNew.kind")}
        value={draft.kind}
        choices={kindChoices()}
        error={error("kind")}
        onInput={(kind) => onChange({ kind })}
      />
      {text("manufacturer")}
      {text("model")}
      {text("serial")}
      {text("batch")}
      <TextField
        id="device_id"
        label={t("kitNew.name")}
        hint={t("kitNew.nameHint")}
        value={draft.device_id}
        error={error("device_id")}
        maxLength={64}
        onInput={(device_id) => onChange({ device_id })}
      />
      <TextField
        id="calibration_due"
        type="date"
        label={t("kitNew.calibration")}
        value={draft.calibration_due}
        onInput={(calibration_due) => onChange({ calibration_due })}
      />
      <CheckField
        id="shared"
        label={t("kitNew.shared")}
        checked={draft.shared}
        onInput={(shared) => onChange({ shared })}
      />
    </>
  );
}
