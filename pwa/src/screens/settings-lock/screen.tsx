// The lock of one's own phone: a PIN, the phone's own finger or face, both, or none.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { hasPasskeys } from "../../core/passkey";
import { phoneState } from "../../core/phone";
import { isGoodPin, removeWay, setPasskey, setPin, vaultState, type LockWay } from "../../core/vault";
import { t } from "../../core/words";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { useSession, useValue } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { PinField } from "../../parts/PinField";

export const address = "/settings/lock";

export function Screen(): JSX.Element {
  const { query, route } = useLocation();
  const phone = useValue(phoneState);
  const session = useSession();
  const isFirst = "first" in query;
  const several = session.kind === "in" && session.session.patients.length > 1;
  const next = !isFirst ? "/settings" : several ? "/people" : "/";
  const [errors, setErrors] = useState<FieldError[]>([]);
  useEffect(() => {
    // A shared phone keeps nothing that a lock could guard.
    if (phone && phone.kind !== "own") route(next, true);
  }, [phone]);
  return (
    <Page
      title={t("lock.title")}
      hasError={errors.length > 0}
      bare={isFirst}
      {...(isFirst ? {} : { back: { href: "/settings", words: t("settings.title") } })}
    >
      <ErrorSummary errors={errors} />
      <p>{t("lock.words")}</p>
      <p>{t("lock.honest")}</p>
      <Ways onDone={() => isFirst && route(next)} onErrors={setErrors} errors={errors} />
      {isFirst && (
        <p>
          <a class="al-button al-button--quiet al-button--wide" href={next}>
            {t("lock.notNow")}
          </a>
        </p>
      )}
    </Page>
  );
}

interface Telling {
  onDone: () => void;
  errors: readonly FieldError[];
  onErrors: (errors: FieldError[]) => void;
}

function Ways(props: Telling): JSX.Element {
  const { ways } = useValue(vaultState);
  return (
    <>
      <Passkey {...props} isSet={ways.includes("passkey")} />
      {ways.includes("pin") ? <Remove way="pin" /> : <NewPin {...props} />}
    </>
  );
}

function Passkey(props: Telling & { isSet: boolean }): JSX.Element | null {
  const [can, setCan] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => void hasPasskeys().then(setCan), []);
  if (props.isSet) return <Remove way="passkey" />;
  if (!can) return null;
  const choose = async (): Promise<void> => {
    setBusy(true);
    const isSet = await setPasskey();
    setBusy(false);
    props.onErrors(isSet ? [] : [{ field: null, words: t("lock.noPasskey") }]);
    if (isSet) props.onDone();
  };
  return (
    <section aria-labelledby="passkey-title">
      <h2 class="al-section" id="passkey-title">
        {t("lock.passkey")}
      </h2>
      <p>{t("lock.passkeyWords")}</p>
      <button
        class="al-button al-button--main"
        type="button"
        aria-disabled={busy}
        onClick={() => !busy && void choose()}
      >
        {t("lock.passkeyDo")}
      </button>
    </section>
  );
}

function NewPin(props: Telling): JSX.Element {
  const [pin, setPinText] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const isGood = isGoodPin(pin);
    props.onErrors(isGood ? [] : [{ field: "new-pin", words: t("lock.pinShort") }]);
    if (!isGood || busy) return;
    setBusy(true);
    try {
      await setPin(pin);
      setPinText("");
      props.onDone();
    } catch {
      props.onErrors([{ field: null, words: t("lock.failed") }]);
    }
    setBusy(false);
  };
  return (
    <section aria-labelledby="pin-title">
      <h2 class="al-section" id="pin-title">
        {t("lock.pin")}
      </h2>
      <form class="al-form" method="post" noValidate onSubmit={(event) => void submit(event)}>
        <PinField
          id="new-pin"
          label={t("lock.pinNew")}
          hint={t("lock.pinHint")}
          error={props.errors.find((one) => one.field === "new-pin")?.words ?? null}
          value={pin}
          onInput={setPinText}
        />
        <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
          {t("lock.pinDo")}
        </button>
      </form>
    </section>
  );
}

function Remove(props: { way: LockWay }): JSX.Element {
  const { way } = props;
  return (
    <section aria-labelledby={`${way}-title`}>
      <h2 class="al-section" id={`${way}-title`}>
        {t(`lock.${way}`)}
      </h2>
      <p>{t(`lock.${way}Is`)}</p>
      <button
        class="al-button al-button--quiet al-button--wide"
        type="button"
        onClick={() => void removeWay(way)}
      >
        {t(`lock.${way}Remove`)}
      </button>
    </section>
  );
}
