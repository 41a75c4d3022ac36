// Where a member of staff chooses a password with the code an administrator made.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../../core/words";
import { Page } from "../../../parts/Page";
import { PairForm } from "../../../parts/PairForm";

export const address = "/team/pair";
export const open = true;

export function Screen(): JSX.Element {
  const [hasError, setHasError] = useState(false);
  return (
    <Page title={t("pair.staffTitle")} hasError={hasError} bare>
      <PairForm home="/team" onErrors={setHasError} />
    </Page>
  );
}
