// What the live line to the server tells, and whether it is up; liveLine.ts holds the line itself.
import { createState } from "./state";
import type { LiveEvent } from "./types";

export type LiveState = { live: true } | { live: false; since: number };

export const liveState = createState<LiveState>({ live: false, since: Date.now() });
const listeners = new Set<(event: LiveEvent) => void>();

export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function markDown(): void {
  const state = liveState.get();
  if (state.live) liveState.set({ live: false, since: Date.now() });
}

function deliver(event: LiveEvent): void {
  for (const listener of [...listeners]) listener(event);
}

/** Both the tab that holds the stream and the tabs that listen to it end here. */
export function receive(name: string, data: string): void {
  if (!liveState.get().live) liveState.set({ live: true });
  if (name === "ping") return;
  try {
    deliver({ ...(JSON.parse(data || "{}") as object), t: name } as LiveEvent);
  } catch {
    // A broken event still means that something changed; the next pull reads the truth.
    deliver({ t: "hello" });
  }
}
