// A telecare unit that was moved may no longer reach anybody: where it stands now, and the proof is asked again.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { SelectField, TextField } from "../../../parts/team/Field";
import { ActButton, KitNoticeLine } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";
import { Buttons } from "./DatesForms";

const PLACE = "moved";
const LINES = ["digital", "cellular", "analogue", "unknown"] as const;

export function MoveForm(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      {open ? (
        <Form kit={kit} actions={actions} onBack={() => setOpen(false)} />
      ) : (
        <ActButton
          quiet
          words={t(kit.address ? "moved.open" : "moved.openFirst")}
          busy={false}
          onClick={() => setOpen(true)}
        />
      )}
      <KitNoticeLine place={PLACE} actions={actions} />
    </>
  );
}

function Form(props: { kit: KitDetail; actions: KitActions; onBack: () => void }): JSX.Element {
  const { kit, actions, onBack } = props;
  const [address, setAddress] = useState("");
  const [line, setLine] = useState<string>(kit.line_type);
  const [isMissing, setMissing] = useState(false);
  const send = async (): Promise<void> => {
    setMissing(!address.trim());
    if (!address.trim()) return document.getElementById("moved-address")?.focus();
    const said = await actions.run({
      place: PLACE,
      path: "move",
      body: { address: address.trim(), line_type: line },
      version: kit.version,
      done: t("moved.done"),
    });
    if (said?.kind === "done") onBack();
  };
  return (
    <div class="al-kit-form">
      <TextField
        id="moved-address"
        label={t("moved.address")}
        value={address}
        error={isMissing ? t("moved.noAddress") : null}
        onInput={setAddress}
      />
      <SelectField
        id="moved-line"
        label={t("kitOne.line")}
        value={line}
        choices={LINES.map((value) => ({ value, words: t(`kitLine.${value}`) }))}
        onInput={setLine}
      />
      <Buttons words={t("moved.do")} busy={actions.busy === PLACE} onDo={() => void send()} onBack={onBack} />
    </div>
  );
}
