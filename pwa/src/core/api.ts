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

/** It was asked before somebody signed in or out here: no answer to who is here now, neither to draw nor to act on. */
export class OldAnswer extends ApiError {
  constructor() {
    super("no-network", 0, null);
  }
}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  /** The exact text to send instead of `body`, for a request that must be the same each time. */
  text?: string;
  /** What the phone says of a change: when it was made, and whether without a network. */
  made?: { at: string; offline: boolean };
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
/** Counts who signs in and out here. */
let turn = 0;
/** Somebody is signing in: until that is answered, nobody else's "you are out" can be judged. */
let arriving: Promise<unknown> = Promise.resolve();

/** Whether the last try reached anybody: null before the first. */
export const reachable = createState<boolean | null>(null);

/** Why the server said last that nobody is signed in, such as "phone-revoked". */
export let signedOutCode: string | null = null;

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

/** Somebody has signed in or out here: what is still on its way was for who was here before. */
export function nextTurn(): void {
  turn += 1;
}

function bodyOf(ask: Ask): string | undefined {
  if (ask.text !== undefined) return ask.text;
  return ask.body === undefined ? undefined : JSON.stringify(ask.body);
}

function setClaims(headers: Headers, made: Ask["made"]): void {
  if (made) headers.set("X-Alongside-Made-At", made.at);
  if (made?.offline) headers.set("X-Alongside-Offline", "1");
}

function headersFor(ask: Ask): Headers {
  const headers = new Headers({ Accept: "application/json", "X-Alongside-Audience": audience });
  setClaims(headers, ask.made);
  if (bodyOf(ask) !== undefined) headers.set("Content-Type", "application/json");
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
  const body = bodyOf(ask);
  if (body !== undefined) init.body = body;
  try {
    const response = await fetch(BASE + path, init);
    reachable.set(true);
    return response;
  } catch (cause) {
    reachable.set(false);
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

/** Changes that nobody needs to be signed in for. */
const OPEN_WRITES: readonly string[] = [
  "/session",
  "/pairing",
  "/invitation",
  "/invitation/accept",
  "/outbox/sealed",
  "/phones/wiped",
];

/** The answer makes somebody new be here. */
function signsIn(path: string, ask: Ask): boolean {
  return ask.method === "POST" && ["/session", "/pairing", "/invitation/accept"].includes(path);
}

/** A change needs the token; after a reload nobody has asked for it yet. */
async function ensureCsrf(path: string, ask: Ask): Promise<void> {
  if (csrf !== null || OPEN_WRITES.includes(path) || (ask.method ?? "GET") === "GET") return;
  csrf = (await request<Session>("/session")).body?.csrf ?? null;
}

function refused(response: Response, problem: Problem): ApiError {
  if (response.status === 401 && problem.code !== "wrong-credentials") {
    signedOutCode = problem.code;
    signedOut.set(signedOut.get() + 1);
  }
  const retryAfter = Number(response.headers.get("Retry-After"));
  return new ApiError("problem", response.status, problem, retryAfter > 0 ? retryAfter : null);
}

const AHEAD_MS = 5000;
const askedAhead = new Map<string, Promise<Answer<unknown>>>();

/**
 * Ask now for what the app will ask for as soon as it is here, or for the same by another name. The answer is given out
 * once, and never when it is old.
 */
export function askAhead<T>(path: string, byName = path): Promise<Answer<T>> {
  const asked = request<T>(byName);
  askedAhead.set(path, asked);
  const forget = (): void => void setTimeout(() => askedAhead.delete(path), AHEAD_MS);
  asked.then(forget, forget);
  return asked;
}

function takeAhead<T>(path: string, ask: Ask): Promise<Answer<T>> | null {
  const asked = (ask.method ?? "GET") === "GET" ? askedAhead.get(path) : undefined;
  askedAhead.delete(path);
  return (asked as Promise<Answer<T>> | undefined) ?? null;
}

/** The answer, and whose turn it is from then on, before anything else can be answered. */
async function sendInTurn(path: string, ask: Ask): Promise<[Response, number]> {
  const asked = turn;
  await ensureCsrf(path, ask);
  // What one person meant is not sent in the name of the next.
  if (asked !== turn) throw new OldAnswer();
  const response = await send(path, ask);
  learnServerTime(response.headers.get("Date"), Date.now());
  if (asked !== turn) throw new OldAnswer();
  if (response.ok && signsIn(path, ask)) turn += 1;
  return [response, turn];
}

/** Ask the server. Returns 2xx and 304 answers; everything else is an ApiError. */
export async function request<T>(path: string, ask: Ask = {}): Promise<Answer<T>> {
  const ahead = takeAhead<T>(path, ask);
  if (ahead) return ahead;
  const sent = sendInTurn(path, ask);
  const isArrival = signsIn(path, ask);
  if (isArrival) arriving = sent.catch(() => undefined);
  const [response, mine] = await sent;
  const etag = response.headers.get("ETag");
  if (response.status === 304 || response.status === 204)
    return { status: response.status, body: null, etag };
  const body = await readJson(response);
  if (response.status === 401 && !isArrival) await arriving;
  if (mine !== turn) throw new OldAnswer();
  if (response.ok) return { status: response.status, body: body as T, etag };
  throw refused(response, body as Problem);
}
