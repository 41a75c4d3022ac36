// Where a person's phone is paired: the code from their team, a password of their own, and they are in.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../core/words";
import { Page } from "../../parts/Page";
import { PairForm } from "../../parts/PairForm";

export const address = "/pair";
export const open = true;

export function Screen(): JSX.Element {
  const [hasError, setHasError] = useState(false);
  return (
    <Page title={t("pair.title")} hasError={hasError} bare>
      <PairForm home="/settings/lock?first" asksPhone onErrors={setHasError} />
    </Page>
  );
}
