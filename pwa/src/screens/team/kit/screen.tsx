// All the kit: how much of it is in which state, what needs looking at, and who has each piece.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { asQuery, kitList, type KitQuestion } from "../../../core/kit";
import type { KitList } from "../../../core/kitTypes";
import { isDisconnected } from "../../../core/sync";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { AccountTrouble } from "./AccountTrouble";
import { FlagFilter, Search, StateFilter } from "./Filters";
import { Rows } from "./Rows";

export const address = "/team/kit";

export function Screen(): JSX.Element {
  const now = useNow();
  const { query } = useRoute();
  const { route } = useLocation();
  // What was typed may be somebody's name, so it is in no address, and gone with the page.
  const [q, setQ] = useState("");
  const asked: KitQuestion = { state: query["state"] ?? "", flag: query["flag"] ?? "", q };
  const view = useResource(useMemo(() => kitList(asked), [asked.state, asked.flag, asked.q]));
  const everything = useResource(useMemo(() => kitList({ state: "", flag: "", q: "" }), []));
  // A choice changes the address without a new page, so that the list can be sent to a colleague.
  const ask = (next: Partial<KitQuestion>): void => {
    const { q: typed, ...filters } = { ...asked, ...next };
    setQ(typed);
    route(`/team/kit${asQuery(filters)}`, true);
  };
  const list = view.body;
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page title={t("kitList.title")} header={<TeamHeader />} wide>
      <div class="al-kit-top">
        <Search value={asked.q} onSearch={(q) => ask({ q })} />
        <div class="al-kit-top__links">
          <a class="al-button" href="/team/kit-new">
            {t("kitList.add")}
          </a>
          <a class="al-button al-button--quiet" href="/team/kit-recall">
            {t("kitList.recall")}
          </a>
        </div>
      </div>
      <SyncStatus view={view} now={now} />
      <div class="al-kit-desk">
        <div>{everything.body && <Overview list={everything.body} asked={asked} onAsk={ask} />}</div>
        <div>
          {list ? (
            <Rows list={list} now={now} asked={asked} onAsk={ask} />
          ) : (
            <p>{t(refused ? "kitList.refused" : view.asked ? "kitList.nothingKept" : "kitList.opening")}</p>
          )}
        </div>
      </div>
    </Page>
  );
}

/** Counts stay those of all the kit while a part of it is shown. */
function Overview(props: {
  list: KitList;
  asked: KitQuestion;
  onAsk: (next: Partial<KitQuestion>) => void;
}): JSX.Element {
  const { list, asked, onAsk } = props;
  return (
    <>
      <AccountTrouble credentials={list.credentials} />
      <FlagFilter flags={list.flags} chosen={asked.flag} onChange={(flag) => onAsk({ flag, state: "" })} />
      <StateFilter counts={list.counts} chosen={asked.state} onChange={(state) => onAsk({ state, flag: "" })} />
    </>
  );
}
