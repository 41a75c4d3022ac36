// The ends that are offered for a snooze or a recheck, by level; a longer one is refused by the server.
import { clockTime, exactly } from "../../../core/format";
import type { AlertLevel } from "../../../core/types";
import { t } from "../../../core/words";

/** Minutes offered for putting aside; the last is the most there is. Alongside defaults, as the server has them. */
export const SNOOZES: Record<AlertLevel, readonly number[]> = {
  emergency: [],
  urgent: [15, 30, 60],
  soon: [60, 240, 1440],
  routine: [240, 1440, 4320],
  info: [240, 1440, 4320],
};
export const RECHECKS: readonly number[] = [30, 60, 240, 1440];

export interface End {
  minutes: number;
  at: Date;
  words: string;
}

/** "In 30 minutes, at 6:18pm". */
export function endsFrom(minutes: readonly number[], now: Date): End[] {
  return minutes.map((one) => {
    const at = new Date(now.getTime() + one * 60_000);
    const isHours = one % 60 === 0;
    const words = isHours ? t("later.inHours", { n: one / 60 }) : t("later.in", { n: one });
    const time = one >= 720 ? exactly(at, now) : clockTime(at);
    return { minutes: one, at, words: t("later.until", { words, time }) };
  });
}
