// The phones somebody is signed in on, and the way to shut a lost one out.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { exactly, whenWords } from "../../core/format";
import { myPhones, shutPhoneOut, type PhoneRow, type ShutOutPhone } from "../../core/phones";
import { t } from "../../core/words";
import { useNow, useResource } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";

export const address = "/settings/phones";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(myPhones());
  return (
    <Page title={t("phones.title")} back={{ href: "/settings", words: t("settings.title") }}>
      <p>{t("phones.words")}</p>
      <ul class="nhsuk-list">
        {(view.body?.phones ?? []).map((phone) => (
          <Phone key={phone.id} phone={phone} now={now} />
        ))}
        {(view.body?.shut_out ?? []).map((phone) => (
          <Out key={`${phone.id}-${phone.shut_out_at}`} phone={phone} now={now} />
        ))}
      </ul>
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

function Phone(props: { phone: PhoneRow; now: Date }): JSX.Element {
  const { phone, now } = props;
  const [step, setStep] = useState<"no" | "asked" | "failed">("no");
  const shut = (): void => void shutPhoneOut(phone.id).catch(() => setStep("failed"));
  return (
    <li class="al-card">
      <h2 class="al-card__title">{phone.label || t("phones.unnamed")}</h2>
      <p>{phone.this ? t("phones.this") : t("phones.seen", { when: whenWords(new Date(phone.last_seen_at), now) })}</p>
      {phone.kind === "shared" && <p>{t("phones.shared")}</p>}
      {!phone.this && step === "no" && (
        <button class="al-button al-button--quiet" type="button" onClick={() => setStep("asked")}>
          {t("phones.shutOut")}
        </button>
      )}
      {step !== "no" && (
        <>
          <p role="status">{t(step === "asked" ? "phones.sure" : "phones.failed")}</p>
          <button class="al-button" type="button" onClick={shut}>
            {t("phones.shutOutYes")}
          </button>
        </>
      )}
    </li>
  );
}

function Out(props: { phone: ShutOutPhone; now: Date }): JSX.Element {
  const { phone, now } = props;
  const time = (moment: string): string => exactly(new Date(moment), now);
  return (
    <li class="al-card">
      <h2 class="al-card__title">{phone.label || t("phones.unnamed")}</h2>
      <p>{t("phones.out", { time: time(phone.shut_out_at) })}</p>
      <p>
        {phone.wiped_at ? t("phones.wiped", { time: time(phone.wiped_at) }) : t("phones.notWiped")}{" "}
        {phone.brought > 0 && t("phones.brought", { n: phone.brought })}
      </p>
    </li>
  );
}
