// Decides when the desk sounds: for a red card that nobody has, when it comes, and again while it waits.
import type { Row } from "./deskTypes";

/** An unclaimed emergency sounds again this often. Alongside default, not national guidance. */
export const AGAIN_MS = 30_000;

export interface RedWatch {
  /** The red cards that were there at the last look; null before the first. */
  known: ReadonlyMap<string, string> | null;
  rangAt: number;
}

export const NOTHING_WATCHED: RedWatch = { known: null, rangAt: 0 };

/**
 * What sounds at this look. `isLocked`: nobody looks at the screen, so urgent cards sound as well. What was there
 * when the page opened does not sound as new, and an emergency that waits does every AGAIN_MS.
 */
export function watchReds(
  before: RedWatch,
  reds: readonly Row[],
  isLocked: boolean,
  now: number,
): { next: RedWatch; rings: boolean } {
  const sounding = reds.filter((row) => isLocked || row.level === "emergency");
  const isNew = before.known !== null && sounding.some((row) => before.known?.get(row.id) !== row.level);
  const waits = sounding.some((row) => row.level === "emergency") && now - before.rangAt >= AGAIN_MS;
  const rings = isNew || (before.known !== null && waits);
  const known = new Map(reds.map((row) => [row.id, row.level]));
  return { next: { known, rangAt: rings || before.known === null ? now : before.rangAt }, rings };
}
