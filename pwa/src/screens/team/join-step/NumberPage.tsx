// The NHS number first: it says whether somebody here has this person already, before anything is typed twice.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../../../core/api";
import { checkedNumber, knownAs, numberOf } from "../../../core/caseload";
import type { Known } from "../../../core/caseTypes";
import { nhsNumber } from "../../../core/format";
import { t } from "../../../core/words";
import { AskForm } from "../../../parts/team/CaseParts";
import { TextField } from "../../../parts/team/Field";
import { refusedWords } from "../../../parts/team/useChange";
import type { StepPage } from "./pages";

export function NumberPage(props: StepPage): JSX.Element {
  const { joining, changing, go } = props;
  const before = numberOf(joining);
  const [number, setNumber] = useState(before ? nhsNumber(before) : "");
  const [known, setKnown] = useState<Known | null>(null);
  const [busy, setBusy] = useState(false);
  const isHere = known?.known === "here";
  const carryOn = (): void => {
    checkedNumber.set({ joining: joining.id, number: number.replace(/\D/g, "") });
    go();
  };
  const check = async (): Promise<void> => {
    if (isHere) return carryOn();
    changing.fail(number.trim() ? [] : [{ field: "nhs_number", words: t("join.noNumber") }]);
    if (!number.trim()) return;
    setBusy(true);
    try {
      const found = await knownAs(number);
      setKnown(found);
      if (found?.known === "no") carryOn();
    } catch (cause) {
      const words = cause instanceof ApiError ? numberWords(cause) : t("act.refused");
      changing.fail([{ field: "nhs_number", words }]);
    }
    setBusy(false);
  };
  return (
    <AskForm
      errors={changing.errors}
      busy={busy}
      words={t(isHere ? "join.takeUp" : "join.checkNumber")}
      onSubmit={() => void check()}
    >
      <TextField
        id="nhs_number"
        inputMode="numeric"
        label={t("join.number")}
        hint={t("join.numberHint")}
        maxLength={13}
        value={number}
        error={changing.errors.find((one) => one.field === "nhs_number")?.words ?? null}
        onInput={(said) => {
          setNumber(said);
          setKnown(null);
        }}
      />
      <div role="status">{known && known.known !== "no" && <KnownWords known={known} />}</div>
    </AskForm>
  );
}

function numberWords(error: ApiError): string {
  return error.status === 422 ? t("join.badNumber") : refusedWords(error);
}

function KnownWords(props: { known: Known }): JSX.Element {
  const { known } = props;
  return (
    <div class="nhsuk-inset-text">
      <p>{known.words}</p>
      {known.patient_id && (
        <p>
          <a href={`/team/care/${known.patient_id}`}>{t("join.openKnown")}</a>
        </p>
      )}
    </div>
  );
}
