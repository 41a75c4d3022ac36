// A picture of me, so that whoever helps several people knows whose record is open: chosen, cut here, then sent.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { putPhoto, removePhoto } from "../../core/circle";
import { cutSquare } from "../../core/photo";
import { t } from "../../core/words";
import { CirclePage, toCircle, type CircleShown } from "../../parts/CirclePage";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Face } from "../../parts/Face";
import { useAct } from "../../parts/useAct";

export const address = "/circle/photo";
export const nav = "plan";

export function Screen(): JSX.Element {
  return (
    <CirclePage title={t("photo.title")} back={toCircle()}>
      {(shown) => (shown.patient.relation === "self" ? <Choose shown={shown} /> : <p>{t("invite.onlySelf")}</p>)}
    </CirclePage>
  );
}

function Choose(props: { shown: CircleShown }): JSX.Element {
  const { circle, patient, again } = props.shown;
  const { route } = useLocation();
  const [chosen, setChosen] = useState<string | null>(null);
  const { errors, busy, fail, run } = useAct();
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const square = await cutSquare(file);
    setChosen(square);
    fail(square ? [] : [{ field: "photo", words: t("photo.unreadable") }]);
  };
  const done = (): void => {
    again();
    route("/circle");
  };
  const send = (): void => run(() => putPhoto(patient.id, (chosen ?? "").replace(/^[^,]*,/, "")).then(done));
  return (
    <>
      <ErrorSummary errors={errors} />
      <p>{t("photo.words")}</p>
      <p>
        <Face photo={chosen ?? circle.me.photo} name={circle.me.name} large />
      </p>
      <label class="nhsuk-label al-label" for="photo">
        {t("photo.choose")}
      </label>
      <input
        class="nhsuk-input al-input"
        id="photo"
        type="file"
        accept="image/jpeg,image/png"
        autocomplete="off"
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
      {chosen && (
        <button class="al-button al-button--main" type="button" aria-disabled={busy} onClick={send}>
          {t("photo.send")}
        </button>
      )}
      {circle.me.photo && !chosen && (
        <button class="al-link-button" type="button" onClick={() => run(() => removePhoto(patient.id).then(done))}>
          {t("photo.remove")}
        </button>
      )}
    </>
  );
}
