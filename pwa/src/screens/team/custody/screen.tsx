// Custody of an alert: every step and time from the measurement to how it ended.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { custodyOfAlert } from "../../../core/desk";
import { isDisconnected } from "../../../core/sync";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Level } from "../../../parts/Level";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { Steps } from "../../../parts/team/Steps";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/alert/:id/custody";

export function Screen(): JSX.Element {
  const id = useRoute().params["id"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => custodyOfAlert(id), [id]));
  const found = view.body;
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={t("custody.alertTitle")}
      header={<TeamHeader />}
      back={{ href: `/team/alert/${id}`, words: t("custody.back") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {found ? (
        <>
          <p class="al-person-card__why">
            <Level level={found.alert.level} shout /> <strong>{found.alert.title}</strong>
          </p>
          <p class="al-lead">{t("custody.words")}</p>
          <p class="al-quiet">{t("custody.by", { by: found.alert.judged_by })}</p>
          <Steps steps={found.steps} now={now} />
        </>
      ) : (
        <p>{t(refused ? "alertPage.refused" : view.asked ? "person.nothingKept" : "today.opening")}</p>
      )}
    </Page>
  );
}
