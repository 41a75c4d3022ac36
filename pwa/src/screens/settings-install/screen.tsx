// How to put the app on the phone's first page: one tap where the browser offers it, three pictures where it does not.
import type { JSX } from "preact";
import { install, installState } from "../../core/install";
import { t } from "../../core/words";
import { useValue } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { StepPicture } from "./StepPicture";

export const address = "/settings/install";

const STEPS = [1, 2, 3] as const;

export function Screen(): JSX.Element {
  const state = useValue(installState);
  return (
    <Page title={t("install.title")} back={{ href: "/settings", words: t("settings.title") }}>
      <p>{t("install.why")}</p>
      {state === "done" && <p role="status">{t("install.done")}</p>}
      {state === "offered" && (
        <button class="al-button al-button--main" type="button" onClick={() => void install()}>
          {t("install.do")}
        </button>
      )}
      {state === "by-hand" && <Guide />}
      {state === "none" && <p>{t("install.menu")}</p>}
    </Page>
  );
}

function Guide(): JSX.Element {
  return (
    <ol class="nhsuk-list nhsuk-list--number al-steps">
      {STEPS.map((step) => (
        <li key={step}>
          <StepPicture step={step} />
          {t(`install.step.${String(step) as "1" | "2" | "3"}`)}
        </li>
      ))}
    </ol>
  );
}
