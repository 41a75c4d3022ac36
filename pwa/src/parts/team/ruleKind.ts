// Which trend belongs beside an alert: the one its rule watches, or the newest the person has.
import type { LatestTile, ReadingKind } from "../../core/types";

const WATCHES: Record<string, ReadingKind> = { spo2_low: "spo2", bp_severe: "blood-pressure" };

export function kindOfRule(rule: string, latest: LatestTile[]): ReadingKind | null {
  const watched = WATCHES[rule.replaceAll("-", "_")];
  if (watched) return watched;
  const newest = [...latest].sort((a, b) => (b.effective_at ?? "").localeCompare(a.effective_at ?? ""))[0];
  return newest?.effective_at ? newest.kind : null;
}
