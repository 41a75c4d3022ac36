// The only file that talks to the server: audience, CSRF, time limits and one shape of error.
import { learnServerTime } from "./clock";
import { createState } from "./state";
import type { Audience, Problem, Session } from "./types";

/**
 * Why there is no answer. `no-network` and `timeout`: nobody answered. `not-the-service`: somebody else did,
 * such as the sign-in page of a hotel's wifi, which answers every address with HTML and 200.
 */
export type Trouble = "no-network" | "timeout" | "not-the-service" | "problem";

export class ApiError extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly status: number,
    readonly problem: Problem | null,
    readonly retryAfterS: number | null = null,
  ) {
    super(problem?.detail ?? trouble);
  }

  /** True when trying again later may work without anybody changing anything. */
  get isOutage(): boolean {
    return this.trouble !== "problem" || this.status >= 500 || this.status === 429;
  }
}

export interface Ask {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  etag?: string | null;
  ifMatch?: string;
  idempotencyKey?: string;
  timeoutMs?: number;
}

export interface Answer<T> {
  status: number;
  body: T | null;
  etag: string | null;
}

const BASE = "/api/v1";
let audience: Audience = "person";
let csrf: string | null = null;

/** Set when the server says that nobody is signed in; screens then show sign-in. */
export const signedOut = createState(0);

export function setAudience(next: Audience): void {
  audience = next;
  csrf = null;
}

export function getAudience(): Audience {
  return audience;
}

export function learnCsrf(token: string | null): void {
  csrf = token;
}

function headersFor(ask: Ask): Headers {
  const headers = new Headers({ Accept: "application/json", "X-Alongside-Audience": audience });
  if (ask.body !== undefined) headers.set("Content-Type", "application/json");
  if (ask.etag) headers.set("If-None-Match", ask.etag);
  if (ask.ifMatch) headers.set("If-Match", ask.ifMatch);
  if (ask.idempotencyKey) headers.set("Idempotency-Key", ask.idempotencyKey);
  if (ask.method && ask.method !== "GET" && csrf) headers.set("X-CSRF-Token", csrf);
  return headers;
}

async function send(path: string, ask: Ask): Promise<Response> {
  const init: RequestInit = {
    method: ask.method ?? "GET",
    headers: headersFor(ask),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(ask.timeoutMs ?? 15000),
  };
  if (ask.body !== undefined) init.body = JSON.stringify(ask.body);
  try {
    return await fetch(BASE + path, init);
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === "TimeoutError";
    throw new ApiError(late ? "timeout" : "no-network", 0, null);
  }
}

async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) throw new ApiError("not-the-service", response.status, null);
  try {
    return await response.json();
  } catch {
    throw new ApiError("not-the-service", response.status, null);
  }
}

/** A change needs the token; after a reload nobody has asked for it yet. */
async function ensureCsrf(path: string, ask: Ask): Promise<void> {
  if (csrf !== null || path === "/session" || path === "/pairing" || (ask.method ?? "GET") === "GET") return;
  csrf = (await request<Session>("/session")).body?.csrf ?? null;
}

function refused(response: Response, problem: Problem): ApiError {
  if (response.status === 401 && problem.code !== "wrong-credentials") signedOut.set(signedOut.get() + 1);
  const retryAfter = Number(response.headers.get("Retry-After"));
  return new ApiError("problem", response.status, problem, retryAfter > 0 ? retryAfter : null);
}

/** Ask the server. Returns 2xx and 304 answers; everything else is an ApiError. */
export async function request<T>(path: string, ask: Ask = {}): Promise<Answer<T>> {
  await ensureCsrf(path, ask);
  const response = await send(path, ask);
  learnServerTime(response.headers.get("Date"), Date.now());
  const etag = response.headers.get("ETag");
  if (response.status === 304 || response.status === 204)
    return { status: response.status, body: null, etag };
  const body = await readJson(response);
  if (response.ok) return { status: response.status, body: body as T, etag };
  throw refused(response, body as Problem);
}
