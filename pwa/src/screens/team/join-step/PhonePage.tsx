// Pairing the person's own phone, or writing down that they have none: a phone is a help and not a condition.
import type { JSX } from "preact";
import { t } from "../../../core/words";
import { PairPhone } from "../../../parts/team/PairPhone";
import { useOften } from "../../../parts/team/useOften";
import type { StepPage } from "./pages";

export function PhonePage(props: StepPage): JSX.Element {
  const { joining, resource, go } = props;
  useOften(resource, 2000);
  if (!joining.patient) return <p>{t("join.recordFirst")}</p>;
  return (
    <>
      <p>{t("join.phoneIntro")}</p>
      <PairPhone
        whom={{
          path: `/patients/${joining.patient.id}/pairing-codes`,
          body: { for: "self" },
          words: t("pairPhone.make"),
        }}
        paired={joining.paired}
      />
      <div class="al-ask__end">
        <button class={`al-button${joining.paired ? "" : " al-button--quiet"}`} type="button" onClick={() => go()}>
          {t(joining.paired ? "join.carryOn" : "join.noPhone")}
        </button>
      </div>
    </>
  );
}
