// Signing in as a member of a team.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { t } from "../../../core/words";
import { Page } from "../../../parts/Page";
import { SignInForm } from "../../../parts/SignInForm";
import { placesFor } from "../../../parts/team/places";

export const address = "/team/sign-in";
export const open = true;

export function Screen(): JSX.Element {
  const { route } = useLocation();
  const [hasError, setHasError] = useState(false);
  return (
    <Page title={t("signIn.teamTitle")} hasError={hasError} bare>
      <SignInForm onErrors={setHasError} onDone={(session) => route(placesFor(session.role)[0]?.href ?? "/team", true)} />
    </Page>
  );
}
