// What was typed so far on the pages of one reading: in memory at once, and as a draft that a closed page outlives.
import { useEffect, useState } from "preact/hooks";
import { lockedState } from "../../core/away";
import { serverNow } from "../../core/clock";
import { forgetDraft, keepDraft, readDraft } from "../../core/drafts";
import { goneState } from "../../core/leaving";
import { NOTHING_TAKEN, stillFresh, type Taken } from "../../core/takeSteps";
import { vaultState } from "../../core/vault";

const now = new Map<string, Taken>();
goneState.subscribe(() => now.clear());

// These pages open on a locked phone too, for a new reading; what was typed before is there again with the lock open.
lockedState.subscribe(() => now.clear());
vaultState.subscribe(() => {
  if (vaultState.get().state !== "open") return;
  for (const [name, taken] of now) if (taken === NOTHING_TAKEN) now.delete(name);
});

export interface Taking {
  taken: Taken;
  change: (more: Partial<Taken>) => Taken;
  restart: (more: Partial<Taken>) => void;
  /** It has been saved: the next one starts from nothing. */
  done: () => void;
  ready: boolean;
}

export function useTaken(name: string): Taking {
  const [, redraw] = useState(0);
  const [ready, setReady] = useState(now.has(name));
  useEffect(() => {
    if (now.has(name)) return;
    void readDraft<Taken>(name).then((kept) => {
      if (!now.has(name)) now.set(name, kept && stillFresh(kept, serverNow()) ? kept : NOTHING_TAKEN);
      setReady(true);
    });
  }, [name]);
  const set = (next: Taken): Taken => {
    now.set(name, next);
    void keepDraft(name, next);
    redraw((count) => count + 1);
    return next;
  };
  return {
    taken: now.get(name) ?? NOTHING_TAKEN,
    ready,
    change: (more) => set({ ...(now.get(name) ?? NOTHING_TAKEN), ...more }),
    restart: (more) => void set({ ...NOTHING_TAKEN, ...more }),
    done: () => {
      now.delete(name);
      void forgetDraft(name);
    },
  };
}
