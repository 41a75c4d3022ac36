// One alert on a page of its own: what a phone opens from the list, with what can be done always in reach.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import type { Card } from "../../../core/cardTypes";
import { cardOf } from "../../../core/desk";
import { isDisconnected, type View } from "../../../core/sync";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { AlertActions } from "../../../parts/team/AlertActions";
import { CardWords } from "../../../parts/team/CardWords";
import { nameWords } from "../../../parts/team/rowWords";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { UndoBar } from "../../../parts/team/UndoBar";
import { useActions } from "../../../parts/team/useActions";

export const address = "/team/alert/:id";

export function Screen(): JSX.Element {
  const id = useRoute().params["id"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => cardOf(id), [id]));
  const actions = useActions();
  const shown = view.body?.row ?? null;
  const row = shown && actions.newest(shown);
  return (
    <Page
      title={row?.title ?? t("alertPage.title")}
      heading={row ? nameWords(row) : t("alertPage.title")}
      header={<TeamHeader />}
      back={{ href: "/team", words: t("person.back") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {row ? (
        <div class="al-alert">
          <UndoBar actions={actions} rows={[row]} />
          <div class="al-alert__words">
            <CardWords row={row} now={now} isPage />
          </div>
          <div class="al-alert__acts">
            <AlertActions row={row} gone={false} now={now} actions={actions} />
          </div>
        </div>
      ) : (
        <p>{whyNothing(view)}</p>
      )}
    </Page>
  );
}

function whyNothing(view: View<Card>): string {
  if (view.trouble !== null && !isDisconnected(view)) return t("alertPage.refused");
  return t(view.asked ? "person.nothingKept" : "today.opening");
}
