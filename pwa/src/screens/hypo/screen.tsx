// What to do now about a low glucose. Opens signed out, locked and offline.
import type { JSX } from "preact";
import { t } from "../../core/words";
import { HypoSteps } from "../../parts/HypoSteps";
import { Page } from "../../parts/Page";
import { useHelpFacts } from "../../parts/useHelpFacts";

export const address = "/hypo";
export const open = true;
export const nav = "today";

export function Screen(): JSX.Element {
  const { line } = useHelpFacts();
  return (
    <Page title={t("hypo.page")} back={{ href: "/help", words: t("help.title") }}>
      <p>{t("hypo.any")}</p>
      <HypoSteps line={line} />
      <a class="al-button al-button--main al-button--quiet" href="/take/glucose/glucose">
        {t("hypo.again")}
      </a>
    </Page>
  );
}
