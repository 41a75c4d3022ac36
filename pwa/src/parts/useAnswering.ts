// The answers of one check-in so far: in memory at once, and kept so that a call or a closed page loses none.
import { useEffect, useState } from "preact/hooks";
import { newAnswering, type Answering } from "../core/checkInSend";
import { serverNow } from "../core/clock";
import { forgetDraft, keepDraft, readDraft } from "../core/drafts";
import { goneState } from "../core/leaving";

/** Answers of longer ago are about other days. Alongside default. */
const FRESH_MS = 24 * 3600_000;
const here = new Map<string, Answering>();
goneState.subscribe(() => here.clear());

export interface AnsweringNow {
  answering: Answering;
  change: (more: Partial<Answering>) => Answering;
  done: () => void;
  ready: boolean;
}

function isFresh(kept: Answering): boolean {
  return kept.startedAt === null || serverNow().getTime() - Date.parse(kept.startedAt) < FRESH_MS;
}

export function useAnswering(name: string): AnsweringNow {
  const [, redraw] = useState(0);
  const [ready, setReady] = useState(here.has(name));
  useEffect(() => {
    if (here.has(name)) return;
    void readDraft<Answering>(name).then((kept) => {
      if (!here.has(name)) here.set(name, kept && isFresh(kept) ? kept : newAnswering());
      setReady(true);
    });
  }, [name]);
  return {
    answering: here.get(name) ?? newAnswering(),
    ready,
    change: (more) => {
      const before = here.get(name) ?? newAnswering();
      const next = { ...before, startedAt: before.startedAt ?? serverNow().toISOString(), ...more };
      here.set(name, next);
      void keepDraft(name, next);
      redraw((count) => count + 1);
      return next;
    },
    done: () => {
      here.delete(name);
      void forgetDraft(name);
    },
  };
}
