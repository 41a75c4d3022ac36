// The list and the card side by side, with everything that stays over the rows: undo, hand-over, storm, tabs, search.
import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import { useMemo, useRef } from "preact/hooks";
import type { Row, Worklist } from "../../../core/deskTypes";
import { inbox, type Inbox } from "../../../core/inbox";
import type { View } from "../../../core/sync";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { MessageRows } from "../../../parts/team/MessageRows";
import { UndoBar } from "../../../parts/team/UndoBar";
import { useActions } from "../../../parts/team/useActions";
import { Card } from "./Card";
import { noneWords } from "./DeskStatus";
import { List } from "./List";
import { StormBanner } from "./StormBanner";
import { Search, Tabs } from "./Tabs";
import { useDeskKeys } from "./useDeskKeys";
import { useHeldRows } from "./useHeldRows";
import { useChosen, useNarrowed } from "./useShown";

export interface DeskProps {
  list: Worklist;
  view: View<Worklist>;
  now: Date;
  onPage: (from: number) => void;
}

/** Beside the list there is room for the card; on anything narrower it has a page of its own. */
const WIDE = "(min-width: 64em)";

export function Desk(props: DeskProps): JSX.Element {
  const { list, now } = props;
  const box = useRef<HTMLDivElement>(null);
  const incoming = useMemo(() => [...list.rows, ...list.rechecks], [list]);
  const held = useHeldRows(incoming, box);
  const narrowed = useNarrowed(held);
  const { rows } = narrowed;
  const { chosen, setChosen, selected, card } = useChosen(rows, incoming);
  const actions = useActions();
  const { open, choose } = useOpening(setChosen);
  const move = (row: Row | null): void => setChosen(row?.id ?? null);
  useDeskKeys({ rows, selected, choose: move, open, claim: actions.claim });
  const messages = useResource(useMemo(inbox, []));
  const isSearching = narrowed.words !== "" || narrowed.rule !== null;
  const isGone = card !== null && !incoming.some((row) => row.id === card.id);
  return (
    <div class="al-desk">
      <div class="al-desk__find">
        <Tabs tab={narrowed.tab} counts={{ ...list.counts, messages: messages.body?.waiting ?? 0 }} onChange={narrowed.setTab} />
        <Search words={narrowed.words} onInput={narrowed.setWords} />
      </div>
      <div class={`al-desk__list${narrowed.tab === "messages" ? " al-desk__list--alone" : ""}`} ref={box}>
        <div class="al-desk__over">
          <UndoBar actions={actions} rows={incoming} />
          <NewBar waiting={held.waiting} gone={held.gone.size} worse={held.worse} onShow={held.release} />
        </div>
        <HandedToMe n={list.counts.handed_to_me} />
        <StormBanner storm={list.storm} rule={narrowed.rule} now={now} onRule={narrowed.setRule} />
        <Shown isMessages={narrowed.tab === "messages"} messages={messages} now={now}>
          <List
            rows={rows}
            gone={held.gone}
            now={now}
            none={noneWords(props.view, narrowed.tab, isSearching, now)}
            chosen={chosen}
            onOpen={choose}
            actions={actions}
          />
          <Pages more={list.more} onPage={props.onPage} />
        </Shown>
      </div>
      {narrowed.tab !== "messages" && <Card row={card} gone={isGone} now={now} actions={actions} />}
    </div>
  );
}

/** A tap chooses, Enter goes into the card; where the card has no room beside the list, both open its page. */
function useOpening(setChosen: (id: string) => void): Record<"open" | "choose", (row: Row) => void> {
  const { route } = useLocation();
  const go = (row: Row, isInto: boolean): void => {
    setChosen(row.id);
    if (!matchMedia(WIDE).matches) route(`/team/alert/${row.id}`);
    else if (isInto) document.getElementById("card-title")?.focus();
  };
  return { open: (row) => go(row, true), choose: (row) => go(row, false) };
}

/** The alerts, or in their place what people have written. */
function Shown(props: {
  isMessages: boolean;
  messages: View<Inbox>;
  now: Date;
  children: ComponentChildren;
}): JSX.Element {
  if (props.isMessages) return <MessageRows view={props.messages} now={props.now} />;
  return (
    <>
      <InDanger inbox={props.messages.body} />
      {props.children}
    </>
  );
}

/** Words that may mean danger wait for nobody to open a tab. */
function InDanger(props: { inbox: Inbox | null }): JSX.Element | null {
  const n = props.inbox?.threads.filter((row) => row.danger.length > 0).length ?? 0;
  if (n === 0) return null;
  return (
    <p class="al-notice al-handed">
      <strong class="al-danger">{t("inbox.waitingDanger", { n })}</strong>{" "}
      <a href="/team/messages">{t("inbox.look")}</a>
    </p>
  );
}

function HandedToMe(props: { n: number }): JSX.Element | null {
  if (props.n === 0) return null;
  return (
    <p class="al-notice al-handed">
      {t("desk.handedToMe", { n: props.n })} <a href="/team/handover">{t("desk.accept")}</a>
    </p>
  );
}

function NewBar(props: { waiting: number; gone: number; worse: number; onShow: () => void }): JSX.Element {
  const { waiting, gone, worse } = props;
  const words = [
    waiting > 0 ? t("bar.new", { n: waiting }) : "",
    worse > 0 ? t("bar.worse", { n: worse }) : "",
    gone > 0 ? t("bar.gone", { n: gone }) : "",
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <div role="status">
      {words && (
        <button class="al-new__bar" type="button" onClick={props.onShow}>
          {words}. <span class="al-new__show">{t("bar.show")}</span>
        </button>
      )}
    </div>
  );
}

function Pages(props: { more: Worklist["more"]; onPage: (from: number) => void }): JSX.Element | null {
  const { more, onPage } = props;
  if (more.amber === 0) return null;
  return (
    <div class="al-desk__pages">
      <p>{t("desk.more", { n: more.amber })}</p>
      <div class="al-actions__buttons">
        {more.next !== null && (
          <button
            class="al-button al-button--quiet"
            type="button"
            onClick={() => onPage(more.next ?? 0)}
          >
            {t("desk.nextPage")}
          </button>
        )}
        {more.from > 0 && (
          <button class="al-button al-button--quiet" type="button" onClick={() => onPage(0)}>
            {t("desk.firstPage")}
          </button>
        )}
      </div>
    </div>
  );
}
