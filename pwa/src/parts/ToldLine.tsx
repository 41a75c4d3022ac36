// Who knows about what is wrong, in words that promise nothing this phone does not know for sure.
import type { JSX } from "preact";
import { exactly } from "../core/format";
import { t } from "../core/words";
import { whoWasTold, worstAlert, type Told } from "../core/told";
import type { Home } from "../core/types";

export interface ToldProps {
  home: Home;
  now: Date;
  connected: boolean;
  /** When the service last said so, ms. */
  at: number | null;
}

export function ToldLine(props: ToldProps): JSX.Element {
  const { home, now, connected } = props;
  const told = whoWasTold(home, connected);
  const loud = told === "nobody" || told === "unknown";
  return (
    <p class={`al-advice__told${loud ? " al-advice__told--nobody" : ""}`}>
      <strong>{toldWords(told, props)}</strong>
      {told !== "unknown" && !connected && ` ${t("told.off")}`}
      {connected && !home.team.watching_now && ` ${nextWatch(home, now)}`}
    </p>
  );
}

function toldWords(told: Told, props: ToldProps): string {
  const { home, now, at } = props;
  const alert = worstAlert(home);
  const time = (moment: string | number | null | undefined): string =>
    moment ? exactly(new Date(moment), now) : "";
  const words: Record<Told, () => string> = {
    nobody: () => t("told.nobody"),
    unknown: () => t("told.unknown", { time: time(at) }),
    told: () =>
      home.team.watching_now ? t("told.watching") : t("told.notWatching", { time: time(alert?.opened_at) }),
    taken: () => t("told.taken", { owner: alert?.owner ?? home.team.name }),
    seen: () => t("told.seen", { time: time(alert?.seen_at) }),
  };
  return words[told]();
}

function nextWatch(home: Home, now: Date): string {
  return home.team.next_watch_at
    ? t("told.next", { time: exactly(new Date(home.team.next_watch_at), now) })
    : "";
}

/** Before the service has anything: nobody knows, and when the telephone in the hand is off it says so. */
export function NobodyTold(props: { connected: boolean; received?: boolean }): JSX.Element {
  return (
    <p class="al-advice__told al-advice__told--nobody" role="status">
      <strong>{t(props.received ? "told.arrived" : "told.nobody")}</strong>{" "}
      {!props.received && t(props.connected ? "told.sending" : "told.sendsLater")}
    </p>
  );
}
