// A carer hands the record back: asked once more, because only the person can let them in again.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { handBack } from "../../core/circle";
import { t } from "../../core/words";
import type { CircleShown } from "../../parts/CirclePage";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { useAct } from "../../parts/useAct";

export function StepBack(props: { shown: CircleShown }): JSX.Element {
  const { patient } = props.shown;
  const [isAsked, setAsked] = useState(false);
  const { errors, busy, run } = useAct();
  // The page is opened anew, so that nothing of the record stays in its memory.
  const leave = (): void => run(() => handBack(patient.id).then(() => location.assign("/")));
  return (
    <section class="al-card" aria-labelledby="back-title">
      <h2 class="al-card__title" id="back-title">
        {t("handBack.title")}
      </h2>
      <ErrorSummary errors={errors} />
      <p>{t("handBack.words", { name: patient.display_name })}</p>
      {isAsked ? (
        <p class="al-card__ways">
          <button class="al-button" type="button" aria-disabled={busy} onClick={leave}>
            {t("handBack.sure")}
          </button>
          <button class="al-link-button" type="button" onClick={() => setAsked(false)}>
            {t("handBack.stay")}
          </button>
        </p>
      ) : (
        <button class="al-button al-button--quiet" type="button" onClick={() => setAsked(true)}>
          {t("handBack.do")}
        </button>
      )}
    </section>
  );
}
