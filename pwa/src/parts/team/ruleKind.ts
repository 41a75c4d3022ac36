// Which trend and which limit belong beside an alert: what its rule watches, or the newest the person has.
import type { LatestTile, ReadingKind } from "../../core/types";

const KINDS: readonly [RegExp, ReadingKind, string][] = [
  [/spo2/, "spo2", "spo2"],
  [/^bp_|systolic/, "blood-pressure", "systolic"],
  [/pulse/, "pulse", "pulse"],
  [/weight/, "weight", "weight"],
];

function found(rule: string): readonly [RegExp, ReadingKind, string] | undefined {
  return KINDS.find(([pattern]) => pattern.test(rule.replaceAll("-", "_")));
}

/** Null when neither the rule nor the person has a kind that is drawn. */
export function kindOfRule(rule: string, latest: LatestTile[]): ReadingKind | null {
  const watched = found(rule)?.[1];
  if (watched) return watched;
  const newest = [...latest].sort((a, b) => (b.effective_at ?? "").localeCompare(a.effective_at ?? ""))[0];
  return newest?.effective_at ? newest.kind : null;
}

/** The code of the limit that a rule goes by, as far as its name says. */
export function codeOfRule(rule: string): string | null {
  if (/glucose/.test(rule)) return "glucose";
  if (/temperature/.test(rule)) return "temperature";
  if (/respiratory/.test(rule)) return "respiratory-rate";
  if (/peak/.test(rule)) return "peak-flow";
  return found(rule)?.[2] ?? null;
}
