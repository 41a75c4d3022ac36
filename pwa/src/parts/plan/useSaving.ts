// Saving a form: once, with words at the top when this phone cannot keep it, and then on to where it came from.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { NobodysPhone, OutboxFull } from "../../core/outbox";
import { t } from "../../core/words";
import type { FieldError } from "../ErrorSummary";

export interface Saving {
  errors: readonly FieldError[];
  busy: boolean;
  /** `found`: what is wrong with the form; with nothing wrong, `work` is done and the page goes to `then`. */
  save: (found: FieldError[], work: () => Promise<unknown>, then: string) => void;
}

export function failureWords(cause: unknown): string {
  if (cause instanceof OutboxFull) return t("save.full");
  return t(cause instanceof NobodysPhone ? "save.nobody" : "save.failed");
}

export function useSaving(): Saving {
  const { route } = useLocation();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const save: Saving["save"] = (found, work, then) => {
    setErrors(found);
    if (found.length > 0 || busy) return;
    setBusy(true);
    work().then(
      () => route(then),
      (cause: unknown) => {
        setBusy(false);
        setErrors([{ field: null, words: failureWords(cause) }]);
      },
    );
  };
  return { errors, busy, save };
}
