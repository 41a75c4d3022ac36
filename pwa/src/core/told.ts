// Who knows about a red reading, judged only from what this device knows for sure.
import type { Home, HomeAlert } from "./types";

/**
 * `nobody`: no alert exists, so nobody has been told yet. `told`: it is on the team's list.
 * `taken`: a named colleague has it. `seen`: somebody looked at it. `unknown`: it was told, but this
 * phone is not connected, so it must not promise anything about now.
 */
export type Told = "nobody" | "told" | "taken" | "seen" | "unknown";

const RANK = ["emergency", "urgent", "soon", "routine", "info"];

export function worstAlert(home: Home): HomeAlert | null {
  const open = home.alerts.filter((alert) => alert.state !== "closed");
  return [...open].sort((a, b) => RANK.indexOf(a.level) - RANK.indexOf(b.level))[0] ?? null;
}

export function whoWasTold(home: Home, connected: boolean): Told {
  const alert = worstAlert(home);
  if (!alert) return "nobody";
  if (alert.seen_at) return "seen";
  if (!connected) return "unknown";
  return alert.state === "claimed" ? "taken" : "told";
}
