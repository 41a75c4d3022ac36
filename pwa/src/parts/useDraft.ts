// What somebody has typed and not saved yet: kept by its name, so that a call, a lock or a closed page loses nothing.
import { useEffect, useRef, useState } from "preact/hooks";
import { forgetDraft, holdForm, keepDraft, readDraft } from "../core/drafts";

export interface Drafting<T> {
  value: T;
  change: (next: T) => void;
  /** For when it was saved: the next time starts from what stands. */
  forget: () => void;
  /** True when it goes on from what was typed earlier. */
  isKept: boolean;
}

export function useDraft<T extends object>(name: string, initial: T): Drafting<T> {
  const [typed, setTyped] = useState<T | null>(null);
  const [isKept, setKept] = useState(false);
  useEffect(() => {
    let left = false;
    void readDraft<T>(name).then((kept) => {
      if (!kept || left) return;
      // What is typed while the kept one is still being opened goes first.
      setTyped((now) => now ?? kept);
      setKept(true);
    });
    return () => void (left = true);
  }, [name]);
  // A new version of the app waits while words stand here that are not saved.
  useEffect(() => (typed === null ? undefined : holdForm()), [typed === null]);
  // One after another, so that the last word typed is not kept after the whole was saved.
  const writes = useRef(Promise.resolve());
  const change = (next: T): void => {
    setTyped(next);
    writes.current = writes.current.then(() => keepDraft(name, next));
  };
  const forget = (): void => void (writes.current = writes.current.then(() => forgetDraft(name)));
  return { value: typed ?? initial, change, forget, isKept };
}
