// How a colleague is reached, set by a lead or an administrator for somebody who has not done it.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { t } from "../../../core/words";
import { Page } from "../../../parts/Page";
import { ReachForm, WaysNow } from "../../../parts/team/ReachForm";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { refusedWords } from "../../../parts/team/useChange";
import { useReach } from "../../../parts/team/useReach";

export const address = "/team/reach/:id";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const { reach, trouble, pull } = useReach(id);
  return (
    <Page
      title={reach ? t("reach.of", { who: reach.name }) : t("reach.title")}
      header={<TeamHeader />}
      back={{ href: "/team/reach", words: t("reach.title") }}
    >
      {trouble && <p class="al-notice al-notice--problem">{refusedWords(trouble)}</p>}
      {!reach && !trouble && <p>{t("cases.opening")}</p>}
      {reach && (
        <>
          <WaysNow reach={reach} />
          <p class="al-quiet">{t("reach.browsers", { n: reach.browsers })}</p>
          <ReachForm key={reach.id} id={id} reach={reach} pull={pull} />
        </>
      )}
    </Page>
  );
}
