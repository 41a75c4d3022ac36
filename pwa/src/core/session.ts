// Who is signed in on this browser, for this audience, and whose record is open.
import { ApiError, getAudience, learnCsrf, nextTurn, request, signedOut, signedOutCode } from "./api";
import { forgetByHeart, HELP_FACTS, leaveNothing, shutTheVault, wipeReadable } from "./leaving";
import { forgetLive } from "./outbox";
import { opened, SESSION } from "./opening";
import { keepPhone, nobodysPhone, phoneAfter, phoneFor, phoneState } from "./phone";
import { createState } from "./state";
import { pullAll } from "./sync";
import { forget, forgetMemory, readSnapshot, writeSnapshot } from "./store";
import type { PatientChoice, Session } from "./types";
import { ensureKey, lockVault, openVault, vaultState } from "./vault";

/** `looking`: not known yet. `kept`: known from this device only, the server has not answered yet. */
export type SessionState =
  | { kind: "looking" }
  | { kind: "out" }
  | { kind: "in"; session: Session; confirmed: boolean };

export { HELP_FACTS };

export const sessionState = createState<SessionState>({ kind: "looking" });
export const chosenPatient = createState<string | null>(null);

async function keep(session: Session): Promise<void> {
  learnCsrf(session.csrf);
  if (getAudience() === "person") await keepAsPerson(session);
  sessionState.set({ kind: "in", session, confirmed: true });
  // The CSRF token is worth nothing offline, so it is not written to the disk, and nor is the ticket here.
  const body = { ...session, csrf: "", upload_ticket: null };
  await writeSnapshot(getAudience(), SESSION, { etag: null, savedAt: Date.now(), body });
}

/** Whose phone it is now. What somebody else left here goes first. */
async function keepAsPerson(session: Session): Promise<void> {
  const before = phoneState.get();
  const facts = phoneAfter(session);
  const isSame = before !== null && before.account === facts.account && before.kind === facts.kind;
  if (!isSame) {
    forgetByHeart();
    await leaveNothing(before?.account ?? null);
  }
  await keepPhone(facts);
  if (!isSame) await openVault();
  if (facts.kind === "own" && vaultState.get().state === "none") await ensureKey();
  chosenPatient.set(facts.chosen);
}

/** The session has ended by itself, or the service ended it. What was recorded is kept, and so is one's own phone. */
async function expire(): Promise<void> {
  learnCsrf(null);
  if (getAudience() === "team") await forget("team");
  else if (signedOutCode === "phone-revoked") await wipeReadable();
  else await expireAsPerson();
  chosenPatient.set(null);
  sessionState.set({ kind: "out" });
}

async function expireAsPerson(): Promise<void> {
  const facts = phoneState.get();
  if (facts?.kind === "own") {
    // Locked, not deleted: recording goes on, and what is kept is there again after signing in.
    lockVault();
    forgetMemory();
    forgetLive();
    return;
  }
  // Forgotten before the screen says so: somebody who sees the sign-in page may hand the phone on.
  await leaveNothing(facts?.account ?? null);
  if (facts?.kind === "shared") await keepPhone(nobodysPhone(facts));
}

/** Show what this phone kept, at start and after unlocking. Never throws. */
export async function openKeptSession(): Promise<void> {
  const kept = await readSnapshot<Session>(getAudience(), SESSION);
  // The service may have answered meanwhile, and its word counts.
  if (!kept || sessionState.get().kind !== "looking") return;
  sessionState.set({ kind: "in", session: kept.body, confirmed: false });
}

let isListening = false;
let expiring: Promise<void> = Promise.resolve();

function listen(): void {
  if (isListening) return;
  isListening = true;
  signedOut.subscribe(() => void (expiring = expire()));
  // Said before anybody listened, in answer to what was asked ahead.
  if (signedOut.get() > 0) expiring = expire();
}

let here: Promise<boolean> | null = null;

/**
 * Show what this phone knows before anybody is asked: whose it is, and what it kept. False when its cookie must not
 * open anything. Never throws.
 */
export function openHere(): Promise<boolean> {
  return (here ??= openOwn());
}

/** Open from what this device kept, then ask the server. Never throws. */
export async function startSession(): Promise<void> {
  const mayOpen = getAudience() === "team" || (await openHere());
  here = null;
  if (!mayOpen) return endQuietly();
  listen();
  const asked = request<Session>("/session");
  asked.catch(() => undefined);
  if (sessionState.get().kind === "looking") await openKeptSession();
  try {
    const { body } = await asked;
    if (body) await keep(body);
  } catch (error) {
    await notIn(error);
  }
}

async function openOwn(): Promise<boolean> {
  const { mayOpen, chosen, kept } = await opened();
  if (!mayOpen) return false;
  chosenPatient.set(chosen);
  if (kept && sessionState.get().kind === "looking")
    sessionState.set({ kind: "in", session: kept.body, confirmed: false });
  return true;
}

async function notIn(error: unknown): Promise<void> {
  if (error instanceof ApiError && error.status === 401) return expiring;
  // Away, and this phone keeps nothing that could be shown; a locked one may, once it is unlocked.
  const isLocked = vaultState.get().state === "locked";
  if (!isLocked && sessionState.get().kind === "looking") sessionState.set({ kind: "out" });
}

/** The lock of this phone is gone, so its cookie must go too, as soon as somebody can be told. Never throws. */
async function endQuietly(): Promise<void> {
  sessionState.set({ kind: "out" });
  listen();
  try {
    learnCsrf((await request<Session>("/session")).body?.csrf ?? null);
    await request("/session", { method: "DELETE" });
  } catch {
    // Not connected, or over already.
  }
}

/** Ask again who is signed in, when the page was opened while the service was away. Never throws. */
export async function confirmSession(): Promise<void> {
  const state = sessionState.get();
  if (state.kind !== "in" || state.confirmed) return;
  try {
    const { body } = await request<Session>("/session");
    if (body) await keep(body);
  } catch {
    // Still away, or signed out: the first is asked again, the second is told by `signedOut`.
  }
}

/** Raises ApiError: wrong-credentials, too-many-attempts, or an outage. `phone`: only for a person. */
export async function signIn(
  username: string,
  password: string,
  phone?: "own" | "shared",
): Promise<Session> {
  const named = phone ? { phone: phoneFor(phone) } : {};
  const { body } = await request<Session>("/session", { method: "POST", body: { username, password, ...named } });
  if (!body) throw new ApiError("not-the-service", 200, null);
  await begin(body);
  return body;
}

/** Somebody else may have used this browser before, so their pages go first. */
async function begin(session: Session): Promise<void> {
  // What was on its way for the one before may have been told that they are out; that comes to its end first.
  await expiring;
  if (getAudience() === "team") {
    chosenPatient.set(null);
    await forget("team");
  }
  await keep(session);
  // What was asked for the one before is not drawn, so it is asked anew.
  pullAll();
}

/**
 * Choose a password with a one-time code and be signed in; the answer says the user name for next time. Raises
 * ApiError: 404 for a code that is unknown, used or over, 429 after too many wrong ones, or an outage.
 */
export async function pair(
  code: string,
  password: string,
  phone?: "own" | "shared",
): Promise<Session & { username: string }> {
  const named = phone ? { phone: phoneFor(phone) } : {};
  const { body } = await request<Session & { username: string }>("/pairing", {
    method: "POST",
    body: { code, password, username: null, ...named },
  });
  if (!body) throw new ApiError("not-the-service", 200, null);
  const { username, ...session } = body;
  await begin(session);
  return { ...session, username };
}

/**
 * Come to help somebody by an invitation: with a new account by a password, or with the one signed in here (`made`
 * null). Raises ApiError: 404 for a code that is unknown, used, withdrawn or over, 429, or an outage.
 */
export async function acceptInvitation(
  code: string,
  made: { name: string; password: string; phone: "own" | "shared" } | null,
): Promise<Session & { username: string }> {
  const state = sessionState.get();
  if (!made && state.kind === "in" && !state.confirmed)
    learnCsrf((await request<Session>("/session")).body?.csrf ?? null);
  const more = made ? { ...made, phone: phoneFor(made.phone) } : {};
  const { body } = await request<Session & { username: string }>("/invitation/accept", {
    method: "POST",
    body: { code, ...more },
  });
  if (!body) throw new ApiError("not-the-service", 200, null);
  const { username, ...session } = body;
  await (made ? begin(session) : keep(session).then(pullAll));
  return { ...session, username };
}

/** Forget everything here even when the server cannot be reached. Raises ApiError when it could not be told. */
export async function signOut(): Promise<void> {
  const state = sessionState.get();
  let isTold = false;
  try {
    if (state.kind === "in" && !state.confirmed)
      await request<Session>("/session").then(({ body }) => learnCsrf(body?.csrf ?? null));
    // Who signs out here has done with this browser: it must not ring for them in the next one's hand.
    await import("./push").then(({ turnOffPush }) => turnOffPush(), () => undefined);
    await request("/session", { method: "DELETE" });
    isTold = true;
  } finally {
    await leave(isTold);
  }
}

/** A cookie that could not be taken back opens nothing here any more. */
async function leave(isTold: boolean): Promise<void> {
  learnCsrf(null);
  nextTurn();
  const facts = phoneState.get();
  if (getAudience() === "team") await forget("team");
  else {
    forgetByHeart();
    await leaveNothing(facts?.account ?? null);
    await forget("person");
    if (facts) await keepPhone({ ...nobodysPhone(facts), signInAgain: !isTold });
  }
  chosenPatient.set(null);
  sessionState.set({ kind: "out" });
}

/** The PIN is forgotten, or was wrong too often: what this phone kept is deleted, what was recorded still arrives. */
export async function forgetLock(): Promise<void> {
  await shutTheVault();
  chosenPatient.set(null);
  await endQuietly();
}

export function choosePatient(id: string): void {
  chosenPatient.set(id);
  const facts = phoneState.get();
  if (facts) void keepPhone({ ...facts, chosen: id });
}

/** The record now open: the only one, or the one that was chosen. Null means that a choice is needed. */
export function openPatient(state: SessionState, chosen: string | null): PatientChoice | null {
  if (state.kind !== "in") return null;
  const { patients } = state.session;
  if (patients.length === 1) return patients[0] ?? null;
  return patients.find((patient) => patient.id === chosen) ?? null;
}

/** Whose readings are recorded here while nobody is signed in or the phone is locked: an id and no name. */
export function recordedFor(): { id: string; relation: "self" | "carer" } | null {
  const facts = phoneState.get();
  if (!facts || facts.patients.length === 0) return null;
  if (facts.patients.length === 1) return facts.patients[0] ?? null;
  return facts.patients.find((patient) => patient.id === facts.chosen) ?? null;
}
