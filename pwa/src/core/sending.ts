// Sends one command and says what its answer means for the outbox; knows nothing of order.
import { ApiError, learnCsrf, request, type Answer } from "./api";
import { serverNow } from "./clock";
import type { Command } from "./commands";
import type { Sealed } from "./seal";
import type { Problem } from "./types";

/**
 * `done`: the service has it. `set-aside`: only its author can go on with it. `fault`: the service fails over this
 * one. `stop`: nothing can be sent now; `afterMs` says when to try again. `useless`: what is sealed cannot be opened.
 */
export type Outcome =
  | { kind: "done"; at: number; version: number | null; held: boolean }
  | { kind: "set-aside"; state: "needs-you" | "refused"; problem: Problem }
  | { kind: "fault" }
  | { kind: "stop"; why: "signed-out" | "later"; afterMs: number | null }
  | { kind: "useless" };

const SEND_MS = 20_000;
/** Refusals that are about the page and not about what was saved. */
const OF_THE_PAGE: readonly string[] = ["cross-site", "wrong-audience", "csrf"];

function versionIn(answer: Answer<unknown>): number | null {
  const said = /^W\/"(\d+)"$/.exec(answer.etag ?? "")?.[1];
  if (said) return Number(said);
  const version = (answer.body as { version?: unknown } | null)?.version;
  return typeof version === "number" ? version : null;
}

function done(answer: Answer<unknown>): Outcome {
  return { kind: "done", at: serverNow().getTime(), version: versionIn(answer), held: false };
}

const later = (error: ApiError): Outcome => ({
  kind: "stop",
  why: "later",
  afterMs: error.retryAfterS === null ? null : error.retryAfterS * 1000,
});

function isOfThePage(error: ApiError): boolean {
  return error.status === 408 || (error.status === 403 && OF_THE_PAGE.includes(error.problem?.code ?? ""));
}

function judge(error: ApiError): Outcome {
  const { status, problem } = error;
  if (status === 401) return { kind: "stop", why: "signed-out", afterMs: null };
  // 500 is about this request; 502, 503 and 504 are about the service as a whole.
  if (status === 500 && error.trouble === "problem") return { kind: "fault" };
  if (error.isOutage || problem === null || isOfThePage(error)) return later(error);
  return { kind: "set-aside", state: status === 412 ? "needs-you" : "refused", problem };
}

function send(command: Command): Promise<Answer<unknown>> {
  return request<unknown>(command.path, {
    method: command.method,
    ...(command.body === null ? {} : { text: command.body }),
    ...(command.ifMatch === null ? {} : { ifMatch: `W/"${String(command.ifMatch)}"` }),
    idempotencyKey: command.id,
    made: { at: command.madeAt, offline: command.madeOffline },
    timeoutMs: SEND_MS,
  });
}

/** As its author, signed in. Never throws. */
export async function sendCommand(command: Command): Promise<Outcome> {
  try {
    return done(await send(command));
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError("no-network", 0, null);
    if (error.problem?.code !== "csrf") return judge(error);
  }
  // The token was of an earlier session; the next one is asked for, once.
  learnCsrf(null);
  try {
    return done(await send(command));
  } catch (cause) {
    return judge(cause instanceof ApiError ? cause : new ApiError("no-network", 0, null));
  }
}

/** By the right to bring what was recorded, whoever is signed in or nobody. Never throws. */
export async function sendSealed(sealed: Sealed): Promise<Outcome> {
  try {
    const answer = await request("/outbox/sealed", { method: "POST", body: sealed, timeoutMs: SEND_MS });
    return { kind: "done", at: serverNow().getTime(), version: null, held: answer.status === 202 };
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError("no-network", 0, null);
    if (error.trouble === "problem" && [400, 413, 422].includes(error.status)) return { kind: "useless" };
    if (error.trouble === "problem" && error.status === 500) return { kind: "fault" };
    return later(error);
  }
}
