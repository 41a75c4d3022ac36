// A desk that nobody sits at: names leave its screen, and the sound and the count stay.
import { createState } from "./state";

const KEY = "alongside.locked";
/** How long a desk may stand untouched. Alongside default, not national guidance. */
export const IDLE_MS = 10 * 60_000;

/** Kept on the computer, so that neither a reload nor another tab opens what was locked. */
export const lockState = createState<boolean>(localStorage.getItem(KEY) !== null);

export function lock(): void {
  localStorage.setItem(KEY, "locked");
  lockState.set(true);
}

export function unlock(): void {
  localStorage.removeItem(KEY);
  lockState.set(false);
}

/** True once nobody has touched the desk for long enough. */
export function isIdle(touchedAt: number, now: number): boolean {
  return now - touchedAt >= IDLE_MS;
}

/** Lock by itself when nobody touches the page, and with the other tabs of this browser. Returns how to stop. */
export function watchIdle(): () => void {
  let touchedAt = Date.now();
  const touch = (): void => void (touchedAt = Date.now());
  const heard = (event: StorageEvent): void => {
    if (event.key === KEY) lockState.set(event.newValue !== null);
  };
  const gestures = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
  for (const name of gestures) addEventListener(name, touch, { passive: true });
  addEventListener("storage", heard);
  const timer = setInterval(() => isIdle(touchedAt, Date.now()) && !lockState.get() && lock(), 5000);
  return () => {
    clearInterval(timer);
    removeEventListener("storage", heard);
    for (const name of gestures) removeEventListener(name, touch);
  };
}
