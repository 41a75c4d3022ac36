// The inbox of a GP practice: who has written, how long they have waited, and by when the practice said it answers.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { inbox } from "../../../core/inbox";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { MessageRows } from "../../../parts/team/MessageRows";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/inbox";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(inbox, []));
  return (
    <Page title={t("inbox.practiceTitle")} caption={view.body?.name} header={<TeamHeader />} wide>
      <SyncStatus view={view} now={now} />
      <p class="al-lead">{t("inbox.practiceWords")}</p>
      <MessageRows view={view} now={now} />
    </Page>
  );
}
