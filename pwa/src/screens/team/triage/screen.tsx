// Triage: who first, why, and who has it. Rows stay still under a hand; emergencies come at once, with a sound.
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { worklist } from "../../../core/resources";
import { t } from "../../../core/words";
import { useNow, useResource, useSession } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { hasList, placesFor } from "../../../parts/team/places";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { Waiting } from "../../../parts/Waiting";
import { Desk } from "./Desk";
import { DeskStatus } from "./DeskStatus";

export const address = "/team";

/** Whoever has no list of people (kit, accounts) is shown their first page: the alerts are not theirs to see. */
export function Screen(): JSX.Element {
  const session = useSession();
  const role = session.kind === "in" ? session.session.role : null;
  const first = session.kind === "in" && !hasList(role) ? placesFor(role)[0] : undefined;
  const { route } = useLocation();
  useEffect(() => {
    if (first) route(first.href, true);
  }, [first]);
  return first ? <Waiting title={t(first.words)} words={t("desk.openingPlace")} /> : <Triage />;
}

function Triage(): JSX.Element {
  const now = useNow();
  const [from, setFrom] = useState(0);
  const view = useResource(useMemo(() => worklist(from), [from]));
  const list = view.body;
  return (
    <Page
      title={t("desk.title")}
      heading={list?.team.name ?? t("desk.title")}
      demo={list?.demo ?? null}
      header={<TeamHeader />}
      wide
    >
      <DeskStatus view={view} now={now} />
      {list ? (
        <Desk list={list} view={view} now={now} onPage={setFrom} />
      ) : (
        <p>{t(view.asked ? "desk.nothingKept" : "desk.opening")}</p>
      )}
    </Page>
  );
}
