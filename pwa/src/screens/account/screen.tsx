// Who is signed in on this phone, and the way out.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { signOut } from "../../core/session";
import { t } from "../../core/words";
import { useOpenPatient, useSession } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { PushSwitch } from "../../parts/PushSwitch";

export const address = "/account";

export function Screen(): JSX.Element {
  const session = useSession();
  const patient = useOpenPatient();
  const [busy, setBusy] = useState(false);
  if (session.kind !== "in") return <Page title={t("account.title")}>{null}</Page>;
  const leave = (): void => {
    setBusy(true);
    // Out of reach of the server it still forgets everything here; the session then ends by its own time.
    void signOut().catch(() => undefined);
  };
  return (
    <Page title={t("account.title")}>
      <dl class="al-facts">
        <Fact name={t("account.signedIn")} value={session.session.display_name} />
        {patient?.relation === "carer" && <Fact name={t("account.helping")} value={patient.display_name} />}
      </dl>
      {session.session.patients.length > 1 && (
        <p>
          <a class="al-button al-button--quiet" href="/people">
            {t("account.change")}
          </a>
        </p>
      )}
      <section aria-labelledby="push-title">
        <h2 class="al-section" id="push-title">
          {t("push.title")}
        </h2>
        <p>{t("push.words")}</p>
        <PushSwitch />
      </section>
      <p>{t("account.kept")}</p>
      <button class="al-button al-button--main" type="button" aria-disabled={busy} onClick={leave}>
        {t("account.signOut")}
      </button>
    </Page>
  );
}

function Fact(props: { name: string; value: string }): JSX.Element {
  return (
    <div class="al-facts__row">
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}
