// Locks a person's own phone when they have been away from the app for a while, and forgets what stood in memory.
import { heldState } from "./heldBack";
import { forgetLive } from "./outbox";
import { phoneState } from "./phone";
import { createState } from "./state";
import { forgetMemory } from "./store";
import { lockVault, vaultState } from "./vault";

/** Without words of the service. An Alongside default: long enough to look something up, too short for a passer-by. */
const AWAY_S = 300;

export function isAway(leftAt: number, now: number, afterS: number): boolean {
  return now - leftAt >= afterS * 1000;
}

/** Counts the times that this page was locked because nobody was there; a session that ends is no such time. */
export const lockedState = createState(0);

/** Nothing happens on a phone without a lock. */
export function lockNow(): void {
  if (vaultState.get().ways.length === 0 || vaultState.get().state !== "open") return;
  lockVault();
  forgetMemory();
  forgetLive();
  heldState.set([]);
  lockedState.set(lockedState.get() + 1);
}

/** Watch the page come and go. Called once by the person's entry. */
export function watchAway(): void {
  let leftAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const after = (): number => phoneState.get()?.lockAfterS ?? AWAY_S;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") {
      leftAt = Date.now();
      // A phone that sleeps does not run this, so the time is looked at on the way back too.
      timer = setTimeout(lockNow, after() * 1000);
    } else if (leftAt !== null && isAway(leftAt, Date.now(), after())) lockNow();
  });
}
