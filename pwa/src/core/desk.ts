// What a nurse does to an alert: sent at once, never queued, because a colleague may be doing the same.
import { ApiError, request } from "./api";
import { pullAll } from "./sync";
import type { Outcome, Responder, Row } from "./types";

export type DeskAnswer =
  | { kind: "done"; row: Row }
  /** Somebody was faster; `row` is what it is now, when the server says it. */
  | { kind: "stale"; row: Row | null }
  | { kind: "failed"; error: ApiError };

async function act(row: Row, verb: "claim" | "close" | "responders", body: unknown, key: string): Promise<DeskAnswer> {
  try {
    const answer = await request<Row>(`/alerts/${row.id}/${verb}`, {
      method: "POST",
      body,
      ifMatch: `W/"${String(row.version)}"`,
      idempotencyKey: key,
    });
    return { kind: "done", row: answer.body ?? row };
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError("no-network", 0, null);
    if (error.status !== 412 && error.status !== 409) return { kind: "failed", error };
    return { kind: "stale", row: (error.problem?.current as Row | undefined) ?? null };
  } finally {
    pullAll();
  }
}

/** `key` is made once a tap, so that a second try after a lost answer is not a second claim. */
export function claim(row: Row, key: string): Promise<DeskAnswer> {
  return act(row, "claim", {}, key);
}

export function close(row: Row, outcome: Outcome, note: string | null, key: string): Promise<DeskAnswer> {
  return act(row, "close", { outcome, note }, key);
}

export function sendOff(row: Row, responder: Responder, key: string): Promise<DeskAnswer> {
  return act(row, "responders", responder, key);
}
