// The form of reminders: what, when, when not, and how.
import type { JSX } from "preact";
import { timeWords } from "../../core/planDays";
import { t, wordFor } from "../../core/words";
import type { Reminders } from "../../core/planTypes";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { SelectField, Switch, TextField } from "../../parts/Fields";
import { useSaving } from "../../parts/plan/useSaving";
import { useDraft } from "../../parts/useDraft";

interface FormProps {
  name: string;
  reminders: Reminders;
  onSave: (wish: Reminders) => Promise<unknown>;
}

export function Form(props: FormProps): JSX.Element {
  const { name, reminders } = props;
  const { value, change, forget, isKept } = useDraft<Reminders>(name, reminders);
  const { errors, busy, save } = useSaving();
  const set = (more: Partial<Reminders>): void => change({ ...value, ...more });
  const submit = (event: Event): void => {
    event.preventDefault();
    const email = value.email?.trim() || null;
    const wrong: FieldError[] = [];
    if (value.channel === "email" && !email) wrong.push({ field: "email", words: t("remind.noEmail") });
    const times = Object.fromEntries(Object.entries(value.times).filter(([, time]) => time));
    save(wrong, () => props.onSave({ ...value, email, times }).then(forget), "/");
  };
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      {isKept && <p class="al-quiet">{t("edit.kept")}</p>}
      <p>{t("remind.words")}</p>
      <Switch label={t("remind.readings")} on={value.readings} onChange={(readings) => set({ readings })} />
      <Switch label={t("remind.checkIns")} on={value.check_ins} onChange={(check_ins) => set({ check_ins })} />
      <Switch label={t("remind.medicines")} hint={t("remind.medicinesHint")} on={value.medicines}
        onChange={(medicines) => set({ medicines })} />
      <Times value={value} onChange={set} />
      <Quiet value={value} onChange={set} />
      <How value={value} errors={errors} onChange={set} />
      <Switch label={t("remind.seen")} hint={t("remind.seenHint")} on={value.tell_seen}
        onChange={(tell_seen) => set({ tell_seen })} />
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("edit.save")}
      </button>
    </form>
  );
}

interface PartProps {
  value: Reminders;
  errors?: readonly FieldError[];
  onChange: (more: Partial<Reminders>) => void;
}

/** A time for each kind of reading that the pathways ask for; empty is the pathway's own. */
function Times(props: PartProps): JSX.Element | null {
  const { value, onChange } = props;
  const kinds = Object.entries(value.expected);
  if (kinds.length === 0) return null;
  return (
    <>
      <h2 class="al-section">{t("remind.times")}</h2>
      {kinds.map(([kind, due]) => (
        <TextField
          key={kind}
          id={`time-${kind}`}
          type="time"
          label={wordFor("kind", kind) ?? kind}
          hint={t("remind.asked", { times: due.map(timeWords).join(", ") })}
          value={value.times[kind] ?? ""}
          onInput={(time) => onChange({ times: { ...value.times, [kind]: time } })}
        />
      ))}
    </>
  );
}

function Quiet(props: PartProps): JSX.Element {
  const { value, onChange } = props;
  return (
    <>
      <h2 class="al-section">{t("remind.quiet")}</h2>
      <p>{t("remind.quietWords")}</p>
      <TextField id="quiet-from" type="time" label={t("remind.quietFrom")} value={value.quiet_from}
        onInput={(quiet_from) => onChange({ quiet_from })} />
      <TextField id="quiet-to" type="time" label={t("remind.quietTo")} value={value.quiet_to}
        onInput={(quiet_to) => onChange({ quiet_to })} />
    </>
  );
}

function How(props: PartProps): JSX.Element {
  const { value, errors = [], onChange } = props;
  const known = value.channels.includes(value.channel) ? value.channels : [value.channel, ...value.channels];
  const choices = known.map((channel) => ({ value: channel, words: wordFor("channel", channel) ?? channel }));
  return (
    <>
      <h2 class="al-section">{t("remind.how")}</h2>
      <SelectField id="channel" label={t("remind.channel")} value={value.channel} choices={choices}
        onInput={(channel) => onChange({ channel })} />
      {value.channel === "email" && (
        <TextField id="email" label={t("remind.email")} maxLength={254} value={value.email ?? ""} errors={errors}
          onInput={(email) => onChange({ email })} />
      )}
      <p class="al-quiet">{t("remind.noHealth")}</p>
    </>
  );
}
