// Triage: who first, why, and who has it. Rows stay still under a hand; emergencies come at once, with a sound.
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { worklist } from "../../../core/resources";
import { ring } from "../../../core/sound";
import { t } from "../../../core/words";
import { inTab, type Tab } from "../../../core/worklist";
import type { Row, Worklist } from "../../../core/types";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { useIsInstaller } from "../../../parts/team/KitParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { Waiting } from "../../../parts/Waiting";
import { Card } from "./Card";
import { useActions } from "../../../parts/team/useActions";
import { DeskStatus } from "./DeskStatus";
import { List } from "./List";
import { Tabs } from "./Tabs";
import { useDeskKeys } from "./useDeskKeys";
import { useHeldRows, type HeldRows } from "./useHeldRows";

export const address = "/team";

/** An installer's work is the kit; the people's alerts are not theirs to see. */
export function Screen(): JSX.Element {
  const isInstaller = useIsInstaller();
  const { route } = useLocation();
  useEffect(() => {
    if (isInstaller) route("/team/kit", true);
  }, [isInstaller]);
  return isInstaller ? <Waiting title={t("kitList.title")} words={t("kitList.opening")} /> : <Triage />;
}

function Triage(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(worklist, []));
  const list = view.body;
  return (
    <Page
      title={t("desk.title")}
      heading={list?.team.name ?? t("desk.title")}
      demo={list?.demo ?? null}
      header={<TeamHeader held={list?.quarantine.open ?? 0} />}
      wide
    >
      <DeskStatus view={view} now={now} />
      {list ? (
        <Desk list={list} now={now} at={view.at} />
      ) : (
        <p>{t(view.asked ? "desk.nothingKept" : "desk.opening")}</p>
      )}
    </Page>
  );
}

function Desk(props: { list: Worklist; now: Date; at: number | null }): JSX.Element {
  const { list, now } = props;
  const box = useRef<HTMLDivElement>(null);
  const held = useHeldRows(list.rows, box);
  const { tab, setTab, rows } = useTab(held);
  const { chosen, setChosen, selected, card } = useChosen(rows, list.rows);
  const actions = useActions();
  const openPage = usePersonPage();
  useEffect(() => {
    if (held.arrivals > 0) ring();
  }, [held.arrivals]);
  const choose = (row: Row): void => {
    setChosen(row.id);
    // A phone has no room beside the list, so a tap there opens the person's own page.
    if (!matchMedia("(min-width: 64em)").matches) openPage(row);
  };
  useDeskKeys({
    rows,
    selected,
    choose: (row) => setChosen(row?.id ?? null),
    open: openPage,
    claim: actions.claim,
  });
  return (
    <div class="al-desk">
      <div class="al-desk__list" ref={box}>
        <Tabs tab={tab} counts={list.counts} onChange={setTab} />
        <NewBar waiting={held.waiting} gone={held.gone.size} onShow={held.release} />
        <List
          rows={rows}
          gone={held.gone}
          now={now}
          at={props.at}
          chosen={chosen}
          onOpen={choose}
          actions={actions}
        />
      </div>
      <Card row={card} gone={!list.rows.some((row) => row.id === chosen)} now={now} actions={actions} />
    </div>
  );
}

interface Chosen {
  chosen: string | null;
  setChosen: (id: string | null) => void;
  selected: Row | null;
  card: Row | null;
}

/** The chosen row and what its card shows: a row that left the list stays there, closed, until another is chosen. */
function useChosen(rows: Row[], known: Row[]): Chosen {
  const [chosen, setChosen] = useState<string | null>(null);
  const last = useRef<Row | null>(null);
  const selected = rows.find((row) => row.id === chosen) ?? null;
  const newest = known.find((row) => row.id === chosen) ?? selected ?? last.current;
  last.current = chosen === null ? null : newest;
  return { chosen, setChosen, selected, card: last.current };
}

/** The chosen tab and its rows. While the list is held, a row that leaves its tab stays where it stood. */
function useTab(held: HeldRows): { tab: Tab; setTab: (tab: Tab) => void; rows: Row[] } {
  const [tab, setTab] = useState<Tab>("all");
  const stood = useRef<ReadonlySet<string>>(new Set());
  const rows = held.rows.filter((row) => inTab(row, tab) || (held.held && stood.current.has(row.id)));
  useEffect(() => {
    stood.current = new Set(rows.map((row) => row.id));
  });
  const change = (next: Tab): void => {
    stood.current = new Set();
    setTab(next);
  };
  return { tab, setTab: change, rows };
}

function usePersonPage(): (row: Row) => void {
  const { route } = useLocation();
  return (row) => {
    if (row.patient) route(`/team/person/${row.patient.id}?alert=${row.id}`);
  };
}

function NewBar(props: { waiting: number; gone: number; onShow: () => void }): JSX.Element {
  const { waiting, gone } = props;
  const words = [waiting > 0 ? t("bar.new", { n: waiting }) : "", gone > 0 ? t("bar.gone", { n: gone }) : ""]
    .filter(Boolean)
    .join(", ");
  return (
    <div role="status" class="al-new">
      {words && (
        <button class="al-new__bar" type="button" onClick={props.onShow}>
          {words}. <span class="al-new__show">{t("bar.show")}</span>
        </button>
      )}
    </div>
  );
}
