// Signing in as a person, or as somebody who helps one.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { t } from "../../core/words";
import { Page } from "../../parts/Page";
import { SignInForm } from "../../parts/SignInForm";

export const address = "/sign-in";
export const open = true;

export function Screen(): JSX.Element {
  const { route } = useLocation();
  const [hasError, setHasError] = useState(false);
  return (
    <Page title={t("signIn.title")} hasError={hasError} bare>
      <SignInForm
        onErrors={setHasError}
        onDone={(session) => route(session.patients.length > 1 ? "/people" : "/", true)}
      />
      <p class="al-quiet">{t("signIn.help")}</p>
    </Page>
  );
}
