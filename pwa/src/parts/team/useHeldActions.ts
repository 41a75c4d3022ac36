// One change at the desk of held messages at a time, and how far the gateway is with what was asked of it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../../core/api";
import { post, progressOf } from "../../core/held";
import type { ReplayProgress } from "../../core/heldTypes";
import { pullAll } from "../../core/sync";
import { t } from "../../core/words";

const LOOK_MS = 1000;

export interface HeldActions {
  /** What was refused, in words; null when nothing was. */
  trouble: string | null;
  busy: boolean;
  /** Answers the body when it worked, else null and `trouble` says why. */
  send: <T>(path: string, body: unknown) => Promise<T | null>;
}

/** The server's own sentence, for it names what to do; ours when it gave none. */
export function troubleWords(error: ApiError): string {
  if (error.problem && error.status < 500) return error.problem.detail;
  return error.isOutage ? t("act.notSent") : t("act.refused");
}

export function useHeldActions(): HeldActions {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const going = useRef(false);
  // One key for one intention: a second tap after a lost answer replays the first, never acts twice.
  const keys = useRef(new Map<string, string>());
  const send = async <T>(path: string, body: unknown): Promise<T | null> => {
    if (going.current) return null;
    going.current = true;
    setBusy(true);
    setTrouble(null);
    const intention = JSON.stringify([path, body]);
    const key = keys.current.get(intention) ?? crypto.randomUUID();
    keys.current.set(intention, key);
    const answer = await post<T>(path, body, key);
    // What was answered is done: the same asked again later is a new wish.
    if (answer.kind === "done" || !answer.error.isOutage) keys.current.delete(intention);
    if (answer.kind === "refused") setTrouble(troubleWords(answer.error));
    setBusy(false);
    going.current = false;
    return answer.kind === "done" ? (answer.body ?? ({} as T)) : null;
  };
  return { trouble, busy, send };
}

/** Asks each second how far a replay is, until nothing of it waits. */
export function useProgress(asked: ReplayProgress | null): ReplayProgress | null {
  const [seen, setSeen] = useState<ReplayProgress | null>(null);
  useEffect(() => {
    setSeen(asked);
    if (!asked) return;
    let stopped = false;
    const look = async (): Promise<void> => {
      const found = await progressOf(asked.id).catch(() => null);
      if (stopped) return;
      if (found) setSeen(found);
      if (found?.waiting === 0) pullAll();
      else timer = setTimeout(() => void look(), LOOK_MS);
    };
    let timer = setTimeout(() => void look(), LOOK_MS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [asked]);
  return seen;
}
