// One change at a time from a form: what is wrong with it at the field, or a clear sentence for the page.
import { useRef, useState } from "preact/hooks";
import type { ApiError } from "../../core/api";
import { change, type KitAnswer } from "../../core/kit";
import { t, wordFor } from "../../core/words";
import type { FieldError } from "../ErrorSummary";

export interface ChangeAsk {
  path: string;
  body: unknown;
  /** The version the page shows; null where the server asks for none. */
  version: number | null;
  method?: "POST" | "PUT";
}

export interface Changing {
  errors: FieldError[];
  busy: boolean;
  /** The code of the last refusal, for a page that asks something more because of it. */
  code: string | null;
  /** Says what the page itself found wrong; an empty list takes it away. */
  fail: (errors: FieldError[]) => void;
  /** The answer when it worked, else null, and `errors` say why. */
  send: <T>(ask: ChangeAsk) => Promise<KitAnswer<T>>;
}

/** The server's sentence names what to do; our own where a code needs other words here. */
export function refusedWords(error: ApiError): string {
  const known = wordFor("refused", error.problem?.code ?? "");
  if (known) return known;
  if (error.problem && error.status < 500 && error.status !== 429) return error.problem.detail;
  return error.isOutage ? t("act.notSent") : t("act.refused");
}

/** A refusal by field, where the page has that field; otherwise one sentence for the page. */
export function errorsOf(error: ApiError, fields: readonly string[]): FieldError[] {
  const at = Object.keys(error.problem?.errors ?? {}).filter((field) => fields.includes(field));
  return at.length > 0
    ? at.map((field) => ({ field, words: fieldWords(error, field) }))
    : [{ field: null, words: refusedWords(error) }];
}

function fieldWords(error: ApiError, field: string): string {
  const first = error.problem?.errors?.[field]?.[0] ?? "";
  // Some are only a mark, such as "Taken."; the sentence then stands in the refusal itself.
  return first.includes(" ") && first.length > 12 ? first : refusedWords(error);
}

export function useChange(fields: readonly string[] = []): Changing {
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const going = useRef<Promise<KitAnswer<unknown>> | null>(null);
  // One key for one intention: a second tap after a lost answer replays the first, never acts twice.
  const keys = useRef(new Map<string, string>());
  const send = async <T>(ask: ChangeAsk): Promise<KitAnswer<T>> => {
    if (going.current) return (await going.current) as KitAnswer<T>;
    setBusy(true);
    setErrors([]);
    const intention = JSON.stringify(ask);
    const key = keys.current.get(intention) ?? crypto.randomUUID();
    keys.current.set(intention, key);
    going.current = change<T>({ ...ask, key });
    const answer = (await going.current) as KitAnswer<T>;
    going.current = null;
    setBusy(false);
    // What was answered is done: the same asked again later is a new wish.
    if (answer.kind === "done" || !answer.error.isOutage) keys.current.delete(intention);
    setCode(answer.kind === "refused" ? (answer.error.problem?.code ?? null) : null);
    if (answer.kind === "refused") setErrors(errorsOf(answer.error, fields));
    return answer;
  };
  return { errors, busy, code, fail: setErrors, send };
}
