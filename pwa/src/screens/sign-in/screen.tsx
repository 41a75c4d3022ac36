// Signing in as a person, or as somebody who helps one.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { phoneState } from "../../core/phone";
import type { Session } from "../../core/types";
import { vaultState } from "../../core/vault";
import { t } from "../../core/words";
import { useNow } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { SignInForm } from "../../parts/SignInForm";
import { NotSentLine } from "../../parts/SyncStatus";

export const address = "/sign-in";
export const open = true;

/** A phone of one's own is offered a lock once, on the first day. */
function nextAfter(session: Session): string {
  const { state, ways } = vaultState.get();
  if (state === "open" && ways.length === 0 && phoneState.get()?.kind === "own") return "/settings/lock?first";
  return session.patients.length > 1 ? "/people" : "/";
}

export function Screen(): JSX.Element {
  const { route } = useLocation();
  const now = useNow();
  const [hasError, setHasError] = useState(false);
  return (
    <Page title={t("signIn.title")} hasError={hasError} bare>
      <SignInForm
        asksPhone
        onErrors={setHasError}
        onDone={(session) => route(nextAfter(session), true)}
      />
      <NotSentLine now={now} />
      <p class="al-quiet">{t("signIn.help")}</p>
    </Page>
  );
}
