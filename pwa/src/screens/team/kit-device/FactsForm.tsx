// Writing down what stands on the box, when it is next calibrated, and which parts of it wear out.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { TextField } from "../../../parts/team/Field";
import { ActButton, KitNoticeLine } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";
import { Buttons } from "./DatesForms";

const PLACE = "facts";
const NAMES = [
  "manufacturer",
  "model",
  "serial",
  "batch",
  "calibration_due",
  "cuff_size",
  "consumables",
] as const;
type Name = (typeof NAMES)[number];
type Draft = Record<Name, string>;

function draftOf(kit: KitDetail): Draft {
  return Object.fromEntries(NAMES.map((name) => [name, kit[name] ?? ""])) as Draft;
}

/** Only what somebody changed is sent, so that a colleague's change to another line stands. */
function changed(draft: Draft, kit: KitDetail): Partial<Record<Name, string | null>> {
  const before = draftOf(kit);
  const names = NAMES.filter((name) => draft[name].trim() !== before[name]);
  return Object.fromEntries(names.map((name) => [name, draft[name].trim() || null]));
}

export function FactsForm(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      {open ? (
        <Form kit={kit} actions={actions} onBack={() => setOpen(false)} />
      ) : (
        <ActButton quiet words={t("facts.open")} busy={false} onClick={() => setOpen(true)} />
      )}
      <KitNoticeLine place={PLACE} actions={actions} />
    </>
  );
}

function Form(props: { kit: KitDetail; actions: KitActions; onBack: () => void }): JSX.Element {
  const { kit, actions, onBack } = props;
  const [draft, setDraft] = useState<Draft>(() => draftOf(kit));
  const send = async (): Promise<void> => {
    const body = changed(draft, kit);
    if (Object.keys(body).length === 0) return onBack();
    const said = await actions.run({
      place: PLACE,
      path: "facts",
      body,
      version: kit.version,
      done: t("facts.done"),
    });
    if (said?.kind === "done") onBack();
  };
  return (
    <div class="al-kit-form">
      {NAMES.map((name) => (
        <TextField
          key={name}
          id={`facts-${name}`}
          type={name === "calibration_due" ? "date" : "text"}
          label={t(`facts.${name}`)}
          value={draft[name]}
          maxLength={name === "consumables" ? 300 : 64}
          onInput={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      <Buttons
        words={t("facts.do")}
        busy={actions.busy === PLACE}
        onDo={() => void send()}
        onBack={onBack}
      />
    </div>
  );
}
