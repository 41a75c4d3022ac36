// The number on the app's picture: how much is not sent yet.
import { outboxState } from "./outbox";

interface Badge {
  setAppBadge?: (n: number) => Promise<void>;
  clearAppBadge?: () => Promise<void>;
}

export function startBadge(): void {
  const badge = navigator as Badge;
  const show = (): void => {
    const { items, sealed } = outboxState.get();
    const n = items.length + sealed;
    const done = n > 0 ? badge.setAppBadge?.(n) : badge.clearAppBadge?.();
    done?.catch(() => undefined);
  };
  outboxState.subscribe(show);
}
