// For a form of the plan: whether two versions stand beside each other, and both in one when it was opened to settle them.
import { useLocation } from "preact-iso";
import type { Queued } from "../../core/outbox";
import { chainOf, clashOf, keepBoth, type Clash } from "../../core/planConflict";
import { useOutbox } from "../hooks";

/** Null: nothing to settle. "unsettled": which of the two counts is chosen before a third is written. */
export function useBoth(waiting: Queued | null): Clash | "unsettled" | null {
  const { query } = useLocation();
  const { items } = useOutbox();
  const clash = waiting && clashOf(waiting, chainOf(waiting, items).at(-1));
  if (!clash) return null;
  return query["both"] === waiting.id ? keepBoth(clash) : "unsettled";
}
