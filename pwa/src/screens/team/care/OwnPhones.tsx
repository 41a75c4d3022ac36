// The phones a person is signed in on, so that whoever is told of a lost one can shut it out there and then.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { exactly, whenWords } from "../../../core/format";
import { phonesOf, shutOutFor, type PhoneRow, type ShutOutPhone } from "../../../core/phones";
import { isDisconnected } from "../../../core/sync";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";

export function OwnPhones(props: { patient: string; now: Date }): JSX.Element {
  const { patient, now } = props;
  const view = useResource(useMemo(() => phonesOf(patient), [patient]));
  const all = view.body;
  const isRefused = view.trouble !== null && !isDisconnected(view);
  return (
    <section aria-labelledby="phones-title">
      <h2 class="al-section" id="phones-title">
        {t("ownPhones.title")}
      </h2>
      <p>{t("ownPhones.words")}</p>
      {!all && <p>{t(isRefused ? "ownPhones.refused" : view.asked ? "kitList.nothingKept" : "cases.opening")}</p>}
      {all?.phones.length === 0 && <p>{t("ownPhones.none")}</p>}
      <ul class="al-rows al-kit-rows">
        {all?.phones.map((one) => <Phone key={one.id} patient={patient} phone={one} now={now} />)}
        {all?.shut_out.map((one) => <Out key={`${one.id} ${one.shut_out_at}`} phone={one} now={now} />)}
      </ul>
    </section>
  );
}

function Phone(props: { patient: string; phone: PhoneRow; now: Date }): JSX.Element {
  const { patient, phone, now } = props;
  const [step, setStep] = useState<"no" | "asked" | "failed">("no");
  const shut = (): void => void shutOutFor(patient, phone.id).catch(() => setStep("failed"));
  const name = phone.label || t("phones.unnamed");
  return (
    <li class="al-kit-row" data-phone={phone.id}>
      <p>
        <strong>{name}</strong> {phone.kind === "shared" && t("phones.shared")}{" "}
        <span class="al-quiet">{t("phones.seen", { when: whenWords(new Date(phone.last_seen_at), now) })}</span>
      </p>
      <div role="status">{step !== "no" && <p>{t(step === "asked" ? "phones.sure" : "ownPhones.failed")}</p>}</div>
      <button
        class={`al-button ${step === "no" ? "al-button--quiet" : "al-button--danger"}`}
        type="button"
        onClick={step === "no" ? () => setStep("asked") : shut}
      >
        {t(step === "no" ? "phones.shutOut" : "phones.shutOutYes")}
        <span class="nhsuk-u-visually-hidden">: {name}</span>
      </button>
    </li>
  );
}

function Out(props: { phone: ShutOutPhone; now: Date }): JSX.Element {
  const { phone, now } = props;
  const time = (moment: string): string => exactly(new Date(moment), now);
  return (
    <li class="al-kit-row">
      <p>
        <strong>{phone.label || t("phones.unnamed")}</strong> {t("phones.out", { time: time(phone.shut_out_at) })}
      </p>
      <p class="al-quiet">
        {phone.wiped_at ? t("phones.wiped", { time: time(phone.wiped_at) }) : t("phones.notWiped")}{" "}
        {phone.brought > 0 && t("phones.brought", { n: phone.brought })}
      </p>
    </li>
  );
}
