// What stands in the place of every page while a phone is locked: the ways in, a way round for a forgotten PIN, and help.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { flush } from "../core/flush";
import { confirmSession, forgetLock, openKeptSession } from "../core/session";
import { t } from "../core/words";
import { openWithPasskey, openWithPin, vaultState } from "../core/vault";
import { useNow, useValue } from "./hooks";
import { Page } from "./Page";
import { PinField } from "./PinField";
import { NotSentLine } from "./SyncStatus";

async function goOn(): Promise<void> {
  await openKeptSession();
  void confirmSession();
  void flush();
}

export function Screen(): JSX.Element {
  const { ways } = useValue(vaultState);
  const now = useNow();
  const [error, setError] = useState<string | null>(null);
  return (
    <Page title={t("unlock.title")} hasError={error !== null} bare>
      <p>{t("unlock.words")}</p>
      {ways.includes("passkey") && <ByPasskey onError={setError} main={!ways.includes("pin")} />}
      {ways.includes("pin") && <ByPin error={error} onError={setError} />}
      {error && !ways.includes("pin") && <p role="alert">{error}</p>}
      <Forgotten />
      <p>
        <a class="al-button al-button--quiet al-button--wide" href="/worried">
          {t("unlock.worried")}
        </a>
      </p>
      <p>
        <a class="al-button al-button--quiet al-button--wide" href="/take">
          {t("unlock.record")}
        </a>
      </p>
      <NotSentLine now={now} />
    </Page>
  );
}

function ByPasskey(props: { onError: (words: string | null) => void; main: boolean }): JSX.Element {
  const open = async (): Promise<void> => {
    const isOpen = await openWithPasskey().catch(() => false);
    props.onError(isOpen ? null : t("unlock.noPasskey"));
    if (isOpen) await goOn();
  };
  const look = props.main ? "al-button--main" : "al-button--quiet al-button--wide";
  return (
    <p>
      <button class={`al-button ${look}`} type="button" onClick={() => void open()}>
        {t("unlock.passkey")}
      </button>
    </p>
  );
}

function ByPin(props: { error: string | null; onError: (words: string | null) => void }): JSX.Element {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || pin === "") return;
    setBusy(true);
    try {
      const { open, left } = await openWithPin(pin);
      if (open) await goOn();
      else if (left === 0) await forgetLock();
      else props.onError(t("unlock.wrong", { n: left }));
    } catch {
      // The database failed: without the count of tries, no PIN is judged.
      props.onError(t("unlock.noPasskey"));
    }
    setPin("");
    setBusy(false);
  };
  return (
    <form class="al-form" method="post" noValidate onSubmit={(event) => void submit(event)}>
      <PinField id="pin" label={t("unlock.pin")} error={props.error} value={pin} onInput={setPin} />
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t(busy ? "unlock.busy" : "unlock.do")}
      </button>
    </form>
  );
}

/** No memory is asked of anybody: the password of the account is another way in. */
function Forgotten(): JSX.Element {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <button class="al-link-button" type="button" onClick={() => setAsked(true)}>
        {t("unlock.forgot")}
      </button>
    );
  return (
    <section class="al-card" aria-live="polite">
      <p>{t("unlock.forgotWords")}</p>
      <button class="al-button al-button--quiet al-button--wide" type="button" onClick={() => void forgetLock()}>
        {t("unlock.forgotDo")}
      </button>
    </section>
  );
}
