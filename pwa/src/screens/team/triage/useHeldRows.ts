// Keeps the rows still while a pointer or the keyboard is in the list, and lets them move when nobody could miss.
import { useEffect, useRef, useState } from "preact/hooks";
import { mergeRows, NOTHING_SHOWN, type Shown } from "../../../core/worklist";
import type { Row } from "../../../core/deskTypes";

/** A finger leaves no trace between two taps, so the list stays still this long after one. */
const TOUCH_MS = 10_000;

export interface HeldRows {
  rows: Row[];
  gone: ReadonlySet<string>;
  waiting: number;
  /** Rows that became red and still stand where they stood. */
  worse: number;
  /** True while the rows stand still. */
  held: boolean;
  release: () => void;
}

interface Hand {
  pointer: boolean;
  touchedAt: number;
}

function isHeld(box: HTMLElement | null, hand: Hand): boolean {
  const focused = box?.querySelector(".al-rows")?.contains(document.activeElement) ?? false;
  return hand.pointer || focused || Date.now() - hand.touchedAt < TOUCH_MS;
}

export function useHeldRows(incoming: Row[], box: { current: HTMLElement | null }): HeldRows {
  const hand = useHand(box);
  const shown = useRef<Shown>({ ...NOTHING_SHOWN, rows: incoming });
  const [state, setState] = useState({ shown: shown.current, held: false });
  const show = (held: boolean): void => {
    const next = mergeRows(shown.current, incoming, held);
    shown.current = next;
    setState({ shown: next, held });
  };
  useEffect(() => show(isHeld(box.current, hand.current)), [incoming]);
  useEffect(() => {
    const timer = setInterval(() => {
      const { waiting, gone, worse } = shown.current;
      const isBehind = waiting.length > 0 || gone.size > 0 || worse > 0;
      if (isBehind && !isHeld(box.current, hand.current)) show(false);
    }, 2000);
    return () => clearInterval(timer);
  });
  const { rows, gone, waiting, worse } = state.shown;
  return { rows, gone, waiting: waiting.length, worse, held: state.held, release: () => show(false) };
}

function useHand(box: { current: HTMLElement | null }): { current: Hand } {
  const hand = useRef<Hand>({ pointer: false, touchedAt: 0 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const move = (event: PointerEvent): void => {
      const inRows = event.target instanceof Element && event.target.closest(".al-rows") !== null;
      if (event.pointerType === "mouse") hand.current.pointer = inRows;
      else if (inRows) hand.current.touchedAt = Date.now();
    };
    const leave = (): void => void (hand.current.pointer = false);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerdown", move);
    element.addEventListener("pointerleave", leave);
    return () => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerdown", move);
      element.removeEventListener("pointerleave", leave);
    };
  }, []);
  return hand;
}
