// Everybody the team looks after: who is watched and who is not in words, whose review is due, how old the data is.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect, useMemo, useState } from "preact/hooks";
import { caseload, type CaseQuestion } from "../../../core/caseload";
import { STATUSES, type Caseload } from "../../../core/caseTypes";
import { asQuery } from "../../../core/kit";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { caseStatusWords, NotThere } from "../../../parts/team/CaseParts";
import { PlansWait } from "../../../parts/team/PlansWait";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { CaseRows } from "./CaseRows";

export const address = "/team/caseload";

export function Screen(): JSX.Element {
  const now = useNow();
  const { query } = useRoute();
  const { route } = useLocation();
  // What was typed may be somebody's name, so it is in no address, and gone with the page.
  const [q, setQ] = useState("");
  const asked: CaseQuestion = { status: query["status"] ?? "", q };
  const isReview = query["review"] === "due";
  const view = useResource(useMemo(() => caseload(asked), [asked.status, asked.q]));
  const show = (status: string, review = ""): void => route(`/team/caseload${asQuery({ status, review })}`, true);
  return (
    <Page title={t("cases.title")} header={<TeamHeader />} wide>
      <div class="al-kit-top">
        <Search value={q} onSearch={setQ} />
        <div class="al-kit-top__links">
          <a class="al-button" href="/team/join">
            {t("join.title")}
          </a>
        </div>
      </div>
      <PlansWait />
      <SyncStatus view={view} now={now} />
      {view.body ? (
        <>
          <Filters list={view.body} status={asked.status} isReview={isReview} onShow={show} />
          <Shown list={view.body} asked={asked} isReview={isReview} now={now} onAll={() => { setQ(""); show(""); }} />
        </>
      ) : (
        <NotThere view={view} refused="cases.refused" />
      )}
    </Page>
  );
}

function Search(props: { value: string; onSearch: (q: string) => void }): JSX.Element {
  const [draft, setDraft] = useState(props.value);
  useEffect(() => setDraft(props.value), [props.value]);
  return (
    <form
      class="al-kit-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSearch(draft.trim());
      }}
    >
      <label class="nhsuk-label" for="case-search">
        {t("cases.search")}
      </label>
      <div class="al-kit-search__row">
        <input
          class="nhsuk-input al-input"
          id="case-search"
          type="search"
          autocomplete="off"
          maxLength={64}
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        <button class="al-button" type="submit">
          {t("kitList.find")}
        </button>
      </div>
    </form>
  );
}

function Filters(props: {
  list: Caseload;
  status: string;
  isReview: boolean;
  onShow: (status: string, review?: string) => void;
}): JSX.Element {
  const { list, status, isReview, onShow } = props;
  const countOf = (one: string): number => list.counts.find((count) => count.status === one)?.count ?? 0;
  const all = list.counts.reduce((sum, one) => sum + one.count, 0);
  const chips = [
    { code: "", words: t("cases.all"), count: all },
    ...STATUSES.filter((one) => countOf(one) > 0 || one === status).map((one) => ({
      code: one,
      words: caseStatusWords(one),
      count: countOf(one),
    })),
  ];
  return (
    <div class="al-tabs" role="group" aria-label={t("cases.byStatus")}>
      {chips.map((one) => (
        <button
          key={one.code}
          class="al-tab"
          type="button"
          aria-pressed={!isReview && status === one.code}
          onClick={() => onShow(one.code)}
        >
          {one.words} <span class="al-tab__count">{one.count}</span>
        </button>
      ))}
      <button class="al-tab" type="button" aria-pressed={isReview} onClick={() => onShow("", isReview ? "" : "due")}>
        {t("cases.reviewDue")}
      </button>
    </div>
  );
}

function Shown(props: {
  list: Caseload;
  asked: CaseQuestion;
  isReview: boolean;
  now: Date;
  onAll: () => void;
}): JSX.Element {
  const { list, asked, isReview, now } = props;
  const rows = isReview ? list.rows.filter((row) => row.review_overdue) : list.rows;
  const said = [
    asked.status ? caseStatusWords(asked.status).toLowerCase() : "",
    isReview ? t("cases.reviewDue").toLowerCase() : "",
    asked.q ? t("kitList.matching", { q: asked.q }) : "",
  ].filter(Boolean);
  return (
    <>
      <div class="al-kit-shown">
        <p role="status">
          {said.length > 0
            ? t("cases.shown", { n: rows.length, what: said.join(", ") })
            : t("cases.shownAll", { n: rows.length, live: rows.filter((row) => row.monitored).length })}
        </p>
        {said.length > 0 && (
          <button class="al-link-button" type="button" onClick={props.onAll}>
            {t("kitList.showAll")}
          </button>
        )}
      </div>
      <CaseRows rows={rows} now={now} />
    </>
  );
}
