// Lost, stolen or faulty: why it is cut off, what that means for who wears it, and only then the red button.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { exactly } from "../../../core/format";
import { REVOKE_REASONS, type KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { RadioField, TextField } from "../../../parts/team/Field";
import { ActButton, KitNoticeLine, Section } from "../../../parts/team/KitParts";
import { wearerName } from "../../../parts/team/kitWords";
import type { KitActions } from "../../../parts/team/useKitActions";

const PLACE = "revoke";

export function Revoke(props: { kit: KitDetail; now: Date; actions: KitActions }): JSX.Element {
  const { kit, now, actions } = props;
  const [open, setOpen] = useState(false);
  return (
    <Section id="revoke" title={t("revoke.title")}>
      {kit.revoked_at ? (
        <p>{t("revoke.already", { when: exactly(new Date(kit.revoked_at), now) })}</p>
      ) : open ? (
        <Form kit={kit} actions={actions} onBack={() => setOpen(false)} />
      ) : (
        <ActButton words={t("revoke.open")} quiet busy={false} onClick={() => setOpen(true)} />
      )}
      <KitNoticeLine place={PLACE} actions={actions} />
    </Section>
  );
}

function Form(props: { kit: KitDetail; actions: KitActions; onBack: () => void }): JSX.Element {
  const { kit, actions, onBack } = props;
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [isMissing, setMissing] = useState(false);
  const who = kit.wearers.filter((wearer) => wearer.is_now).map(wearerName);
  const send = async (): Promise<void> => {
    setMissing(!reason);
    if (!reason) return document.getElementById("revoke-reason")?.focus();
    const answer = await actions.run({
      place: PLACE,
      path: "revoke",
      body: { reason, note: note.trim() },
      version: kit.version,
      done: t("revoke.done"),
    });
    if (answer?.kind === "done") onBack();
  };
  return (
    <div class="al-kit-form al-kit-form--danger">
      <p>
        <strong>{t("revoke.means")}</strong>
        {who.length > 0 && ` ${t(kit.is_telecare ? "revoke.wearer" : "revoke.reader", { who: who.join(", ") })}`}
      </p>
      <RadioField
        id="revoke-reason"
        legend={t("revoke.why")}
        value={reason}
        error={isMissing ? t("revoke.noReason") : null}
        choices={REVOKE_REASONS.map((value) => ({ value, words: t(`revokeReason.${value}`) }))}
        onInput={setReason}
      />
      <TextField id="revoke-note" label={t("kitMoves.note")} value={note} maxLength={500} onInput={setNote} />
      <div class="al-actions__buttons">
        <ActButton danger words={t("revoke.do")} busy={actions.busy === PLACE} onClick={() => void send()} />
        <button class="al-link-button" type="button" onClick={onBack}>
          {t("close.back")}
        </button>
      </div>
    </div>
  );
}
