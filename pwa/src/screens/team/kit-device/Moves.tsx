// The steps this piece of kit may take now; a step that has to wait says for what.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KitDetail, KitMove } from "../../../core/kitTypes";
import { t, wordFor } from "../../../core/words";
import { CheckField, TextField } from "../../../parts/team/Field";
import { ActButton, KitNoticeLine, Section } from "../../../parts/team/KitParts";
import { stateWords } from "../../../parts/team/kitWords";
import type { KitActions } from "../../../parts/team/useKitActions";

const PLACE = "state";

function moveWords(to: string): string {
  return wordFor("kitMove", to) ?? stateWords(to);
}

export function Moves(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const ready = kit.allowed.filter((move) => move.missing.length === 0);
  const waiting = kit.allowed.filter((move) => move.missing.length > 0);
  const move = ready.find((one) => one.to === chosen) ?? null;
  return (
    <Section id="moves" title={t("kitMoves.title")}>
      {move ? (
        <MoveForm key={move.to} kit={kit} move={move} actions={actions} onBack={() => setChosen(null)} />
      ) : (
        <div class="al-actions__buttons">
          {ready.map((one) => (
            <ActButton
              key={one.to}
              quiet
              words={moveWords(one.to)}
              busy={false}
              onClick={() => setChosen(one.to)}
            />
          ))}
        </div>
      )}
      {kit.allowed.length === 0 && <p>{t("kitMoves.none")}</p>}
      {!move && waiting.length > 0 && (
        <ul class="al-kit-waits">
          {waiting.map((one) => (
            <li key={one.to}>
              <strong>{t("kitMoves.notYet", { what: moveWords(one.to) })}</strong> {waitWords(one)}
            </li>
          ))}
        </ul>
      )}
      <KitNoticeLine place={PLACE} actions={actions} />
    </Section>
  );
}

function waitWords(move: KitMove): string {
  if (move.words) return move.words;
  return move.missing.map((code) => wordFor("kitMissing", code) ?? code).join(", ");
}

function MoveForm(props: {
  kit: KitDetail;
  move: KitMove;
  actions: KitActions;
  onBack: () => void;
}): JSX.Element {
  const { kit, move, actions, onBack } = props;
  const [note, setNote] = useState("");
  const [wiped, setWiped] = useState(false);
  const send = async (): Promise<void> => {
    const answer = await actions.run({
      place: PLACE,
      path: "state",
      body: { to: move.to, note: note.trim(), wiped },
      version: kit.version,
      done: t("kitMoves.done", { state: stateWords(move.to) }),
    });
    if (answer) onBack();
  };
  return (
    <div class="al-kit-form">
      <p class="al-close__legend">{t("kitMoves.to", { state: stateWords(move.to) })}</p>
      {move.to === "checked" && (
        <CheckField id="move-wiped" label={t("kitMoves.wiped")} checked={wiped} onInput={setWiped} />
      )}
      <TextField id="move-note" label={t("kitMoves.note")} value={note} maxLength={500} onInput={setNote} />
      <div class="al-actions__buttons">
        <ActButton words={moveWords(move.to)} busy={actions.busy === PLACE} onClick={() => void send()} />
        <button class="al-link-button" type="button" onClick={onBack}>
          {t("close.back")}
        </button>
      </div>
    </div>
  );
}
