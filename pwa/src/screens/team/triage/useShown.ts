// Which rows are shown (tab, search, one cause of a storm) and which one is chosen.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Row } from "../../../core/deskTypes";
import { inTab, matches, type Tab } from "../../../core/worklist";
import type { HeldRows } from "./useHeldRows";

export interface Narrowed {
  tab: Tab;
  setTab: (tab: Tab) => void;
  words: string;
  setWords: (words: string) => void;
  rule: string | null;
  setRule: (rule: string | null) => void;
  rows: Row[];
}

/** While the list is held, a row that leaves its tab stays where it stood. What is red is in every narrowing by cause. */
export function useNarrowed(held: HeldRows): Narrowed {
  const [tab, setTab] = useState<Tab>("all");
  const [words, setWords] = useState("");
  const [rule, setRule] = useState<string | null>(null);
  const stood = useRef<ReadonlySet<string>>(new Set());
  const isShown = (row: Row): boolean =>
    inTab(row, tab) && (words === "" || matches(row, words)) && (rule === null || row.red || row.rule === rule);
  const rows = held.rows.filter((row) => isShown(row) || (held.held && stood.current.has(row.id)));
  useEffect(() => {
    stood.current = new Set(rows.map((row) => row.id));
  });
  const anew =
    <T>(set: (value: T) => void) =>
    (value: T): void => {
      stood.current = new Set();
      set(value);
    };
  return { tab, setTab: anew(setTab), words, setWords: anew(setWords), rule, setRule: anew(setRule), rows };
}

export interface Chosen {
  chosen: string | null;
  setChosen: (id: string | null) => void;
  selected: Row | null;
  card: Row | null;
}

/** The chosen row and what its card shows: a row that left the list stays there, closed, until another is chosen. */
export function useChosen(rows: Row[], known: Row[]): Chosen {
  const [chosen, setChosen] = useState<string | null>(null);
  const last = useRef<Row | null>(null);
  const selected = rows.find((row) => row.id === chosen) ?? null;
  const newest = known.find((row) => row.id === chosen) ?? selected ?? last.current;
  last.current = chosen === null ? null : newest;
  return { chosen, setChosen, selected, card: last.current };
}
