// The team's messages on a page of their own, as the tab of the worklist shows them: for a phone, and to come back to.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { inbox } from "../../../core/inbox";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { MessageRows } from "../../../parts/team/MessageRows";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/messages";

export function Screen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(inbox, []));
  return (
    <Page
      title={t("inbox.title")}
      caption={view.body?.name}
      header={<TeamHeader />}
      back={{ href: "/team", words: t("person.back") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      <MessageRows view={view} now={now} />
    </Page>
  );
}
