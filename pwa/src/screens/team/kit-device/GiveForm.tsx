// Giving kit to a person, or handing it from one to the next at one instant, so that no reading crosses.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { kitPeople, type KitAnswer } from "../../../core/kit";
import type { KitDetail, Wearer } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { fieldTime, momentOf } from "../../../core/wallClock";
import { useResource } from "../../../parts/hooks";
import { SelectField, TextField } from "../../../parts/team/Field";
import { wearerName } from "../../../parts/team/kitWords";
import type { KitActions } from "../../../parts/team/useKitActions";
import { Buttons, refusalCode, StrandedQuestion } from "./DatesForms";
import { WEARERS } from "./Wearers";

interface Draft {
  person: string;
  at: string;
  because: string;
}

function bodyOf(draft: Draft, slot: number, isHandOver: boolean): Record<string, unknown> {
  const at = draft.at ? (momentOf(draft.at)?.toISOString() ?? null) : null;
  const because = draft.because.trim() || null;
  const same = { patient_id: draft.person, slot, without_cleaning_because: because };
  return isHandOver ? { ...same, at } : { ...same, from: at };
}

export function GiveForm(props: {
  kit: KitDetail;
  now: Date;
  slot: number;
  wearer: Wearer | null;
  actions: KitActions;
  onBack: () => void;
}): JSX.Element {
  const { kit, now, slot, wearer, actions, onBack } = props;
  const [draft, setDraft] = useState<Draft>({ person: "", at: "", because: "" });
  const [isMissing, setMissing] = useState(false);
  const [answer, setAnswer] = useState<KitAnswer<KitDetail> | null>(null);
  const send = async (readings: "ask" | "keep"): Promise<void> => {
    setMissing(!draft.person);
    if (!draft.person) return document.getElementById("give-person")?.focus();
    const said = await actions.run({
      place: WEARERS,
      path: wearer ? "hand-over" : "wearers",
      body: { ...bodyOf(draft, slot, wearer !== null), readings },
      version: kit.version,
      done: t("wear.given"),
    });
    if (said?.kind === "done") onBack();
    else setAnswer(said);
  };
  return (
    <div class="al-kit-form">
      <p class="al-close__legend">
        {wearer ? t("wear.handOverFrom", { who: wearerName(wearer) }) : t("wear.giveTitle")}
      </p>
      <Fields
        draft={draft}
        now={now}
        isMissing={isMissing}
        needsReason={refusalCode(answer) === "not-cleaned"}
        onChange={(part) => setDraft({ ...draft, ...part })}
      />
      <StrandedQuestion answer={answer} busy={actions.busy === WEARERS} onKeep={() => void send("keep")} />
      <Buttons
        words={t(wearer ? "wear.handOver" : "wear.giveDo")}
        busy={actions.busy === WEARERS}
        onDo={() => void send("ask")}
        onBack={onBack}
      />
    </div>
  );
}

function Fields(props: {
  draft: Draft;
  now: Date;
  isMissing: boolean;
  needsReason: boolean;
  onChange: (part: Partial<Draft>) => void;
}): JSX.Element {
  const { draft, onChange } = props;
  const people = useResource(useMemo(kitPeople, [])).body?.rows ?? [];
  const choices = [
    { value: "", words: t("wear.choose") },
    ...people.map((one) => ({
      value: one.id,
      words: one.address ? `${one.display_name}, ${one.address}` : one.display_name,
    })),
  ];
  return (
    <>
      <SelectField
        id="give-person"
        label={t("wear.to")}
        value={draft.person}
        choices={choices}
        error={props.isMissing ? t("wear.noPerson") : null}
        onInput={(person) => onChange({ person })}
      />
      <TextField
        id="give-at"
        type="datetime-local"
        label={t("wear.from")}
        hint={t("wear.fromHint")}
        max={fieldTime(props.now)}
        value={draft.at}
        onInput={(at) => onChange({ at })}
      />
      {props.needsReason && (
        <TextField
          id="give-because"
          label={t("wear.because")}
          value={draft.because}
          maxLength={200}
          onInput={(because) => onChange({ because })}
        />
      )}
    </>
  );
}
