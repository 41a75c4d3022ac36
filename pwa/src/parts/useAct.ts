// Something done with the service there and then: once at a time, and what went wrong in words at the top.
import { useState } from "preact/hooks";
import { refusedWords } from "../core/circleWords";
import type { FieldError } from "./ErrorSummary";

export interface Act {
  errors: readonly FieldError[];
  busy: boolean;
  fail: (errors: readonly FieldError[]) => void;
  run: (work: () => Promise<unknown>) => void;
}

/** `inWords`: what to say when it did not happen. */
export function useAct(inWords: (cause: unknown) => string = refusedWords): Act {
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const run: Act["run"] = (work) => {
    if (busy) return;
    setBusy(true);
    setErrors([]);
    work()
      .catch((cause: unknown) => setErrors([{ field: null, words: inWords(cause) }]))
      .finally(() => setBusy(false));
  };
  return { errors, busy, fail: setErrors, run };
}
