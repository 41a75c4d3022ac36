// Taking a shift out, in two taps, because the hours may then have nobody.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { removeShift } from "../../../core/caseload";
import type { Rota, Shift } from "../../../core/rotaTypes";
import { longDay } from "../../../core/format";
import type { Resource } from "../../../core/sync";
import { t } from "../../../core/words";
import { ActButton } from "../../../parts/team/KitParts";
import { refusedWords } from "../../../parts/team/useChange";

export function TakeOut(props: { shift: Shift; day: Date; resource: Resource<Rota> }): JSX.Element {
  const { shift, resource } = props;
  const [isAsking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const whose = { who: shift.practitioner.name, day: longDay(props.day) };
  const remove = async (): Promise<void> => {
    setBusy(true);
    const answer = await removeShift(shift.id);
    setTrouble(answer.kind === "refused" ? refusedWords(answer.error) : null);
    await resource.pull();
    setBusy(false);
  };
  if (!isAsking)
    return (
      <button
        class="al-link-button al-rota__out"
        type="button"
        aria-label={t("rota.outLong", whose)}
        onClick={() => setAsking(true)}
      >
        {t("rota.out")}
      </button>
    );
  return (
    <div class="al-rota__sure" role="group" aria-label={t("rota.outLong", whose)}>
      <ActButton words={t("rota.outSure")} danger busy={busy} onClick={() => void remove()} />
      <ActButton words={t("rota.keep")} quiet busy={false} onClick={() => setAsking(false)} />
      {trouble && <p class="al-notice al-notice--problem">{trouble}</p>}
    </div>
  );
}
