// What devices sent that could not be used: counted and filtered, each with what to do about it.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { exactly } from "../../../core/format";
import { heldList, type HeldQuestion } from "../../../core/held";
import type { HeldList, HeldRow } from "../../../core/heldTypes";
import { asQuery } from "../../../core/kit";
import { t, wordFor } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { Filters } from "./Filters";
import { ReplayAll } from "./ReplayAll";

export const address = "/team/quarantine";

const NAMES = ["state", "reason", "device", "model", "before"] as const;
const NOTHING: HeldQuestion = { state: "", reason: "", device: "", model: "", before: "" };

export function Screen(): JSX.Element {
  const now = useNow();
  const { query } = useRoute();
  const { route } = useLocation();
  const asked = NAMES.reduce<HeldQuestion>((all, name) => ({ ...all, [name]: query[name] ?? "" }), NOTHING);
  const view = useResource(useMemo(() => heldList(asked), [JSON.stringify(asked)]));
  // A choice changes the address without a new page, so that the list can be sent to a colleague.
  const ask = (next: Partial<HeldQuestion>): void =>
    route(`/team/quarantine${asQuery({ ...asked, before: "", ...next })}`, true);
  const list = view.body;
  return (
    <Page title={t("held.title")} header={<TeamHeader />} wide>
      <p class="al-lead">{t("held.words")}</p>
      <p>
        <a href="/team/quarantine-void">{t("void.link")}</a>
      </p>
      <SyncStatus view={view} now={now} />
      {list && <List list={list} asked={asked} now={now} onAsk={ask} />}
    </Page>
  );
}

function List(props: {
  list: HeldList;
  asked: HeldQuestion;
  now: Date;
  onAsk: (next: Partial<HeldQuestion>) => void;
}): JSX.Element {
  const { list, asked } = props;
  const isDone = asked.state === "resolved";
  return (
    <>
      <Filters list={list} asked={asked} onAsk={props.onAsk} />
      {!isDone && <ReplayAll list={list} asked={asked} />}
      {list.rows.length === 0 && <p>{t(isDone ? "held.noneDone" : "held.none")}</p>}
      <Rows rows={list.rows} now={props.now} />
      <Pages next={list.next} asked={asked} />
    </>
  );
}

function Rows(props: { rows: HeldRow[]; now: Date }): JSX.Element {
  return (
    <ol class="al-held">
      {props.rows.map((row) => (
        <li key={row.id} class="al-held__item" data-reason={row.reason}>
          <h2 class="al-held__title">
            {row.is_hidden ? row.words : <a href={`/team/quarantine/${row.id}`}>{row.words}</a>}
          </h2>
          <p class="al-held__do">{row.is_hidden ? t("held.hidden") : row.what_to_do}</p>
          <p class="al-quiet">{fromWords(row, props.now)}</p>
        </li>
      ))}
    </ol>
  );
}

function fromWords(row: HeldRow, now: Date): string {
  const when = exactly(new Date(row.received_at), now);
  const facts = [t("held.from", { device: row.device_id, time: when })];
  if (row.model) facts.push(row.model);
  if (row.times > 1) facts.push(t("held.times", { n: row.times }));
  if (row.people.length > 0) facts.push(row.people.map((person) => person.display_name).join(", "));
  if (row.resolution) facts.push(wordFor("heldEnd", row.resolution) ?? row.resolution);
  return facts.join(" · ");
}

function Pages(props: { next: string | null; asked: HeldQuestion }): JSX.Element | null {
  const { next, asked } = props;
  if (!next && !asked.before) return null;
  return (
    <nav class="al-held__pages" aria-label={t("held.pages")}>
      {asked.before && (
        <a href={`/team/quarantine${asQuery({ ...asked, before: "" })}`}>{t("held.first")}</a>
      )}
      {next && <a href={`/team/quarantine${asQuery({ ...asked, before: next })}`}>{t("held.next")}</a>}
    </nav>
  );
}
