// The way to help, in the same place on every screen, signed in or not, with a network or without.
import type { JSX } from "preact";
import { t } from "../core/words";

export function HelpNow(): JSX.Element {
  return (
    <a class="al-help-now" href="/help">
      {t("help.now")}
    </a>
  );
}
