// The desk by keyboard: j and k move, Enter opens, c claims, Esc goes back, / searches.
import { useEffect } from "preact/hooks";
import type { Row } from "../../../core/deskTypes";
import { SEARCH } from "./Tabs";

export interface DeskKeys {
  rows: Row[];
  selected: Row | null;
  choose: (row: Row | null) => void;
  open: (row: Row) => void;
  claim: (row: Row) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

function focusRow(row: Row): void {
  document.getElementById(`row-${row.id}`)?.focus();
}

function move(keys: DeskKeys, step: 1 | -1): void {
  const at = keys.selected ? keys.rows.findIndex((row) => row.id === keys.selected?.id) : -1;
  const start = at < 0 && step < 0 ? keys.rows.length : at;
  const next = keys.rows[Math.min(Math.max(start + step, 0), keys.rows.length - 1)];
  if (!next) return;
  keys.choose(next);
  focusRow(next);
}

function press(event: KeyboardEvent, keys: DeskKeys): void {
  const isChord = event.ctrlKey || event.metaKey || event.altKey;
  if (event.key === "Escape") leave(event, keys);
  else if (!isChord && !isTyping(event.target)) pressFree(event, keys);
}

function pressFree(event: KeyboardEvent, keys: DeskKeys): void {
  if (event.key === "j") move(keys, 1);
  else if (event.key === "k") move(keys, -1);
  else if (event.key === "/") {
    event.preventDefault();
    document.getElementById(SEARCH)?.focus();
  } else if (keys.selected) pressOn(event, keys, keys.selected);
}

/** Esc leaves the field, then the card, then the row: one step back each time. */
function leave(event: KeyboardEvent, keys: DeskKeys): void {
  const row = keys.selected;
  const isOnRow = row !== null && document.activeElement?.id === `row-${row.id}`;
  if (isTyping(event.target)) (event.target as HTMLElement).blur();
  if (!row) return;
  if (isOnRow) keys.choose(null);
  else focusRow(row);
}

function pressOn(event: KeyboardEvent, keys: DeskKeys, row: Row): void {
  // Enter on the chosen row opens its card; on any other control it stays that control's own key.
  const onRow = document.activeElement?.id === `row-${row.id}`;
  if (event.key === "c" && row.state === "open") keys.claim(row);
  if (event.key === "Enter" && onRow) {
    event.preventDefault();
    keys.open(row);
  }
}

export function useDeskKeys(keys: DeskKeys): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event, keys);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  });
}
