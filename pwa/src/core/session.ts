// Who is signed in on this browser, for this audience, and whose record is open.
import { ApiError, getAudience, learnCsrf, request, signedOut } from "./api";
import { turnOffPush } from "./push";
import { createState } from "./state";
import { forget, readSnapshot, writeSnapshot } from "./store";
import type { PatientChoice, Session } from "./types";

/** `looking`: not known yet. `kept`: known from this device only, the server has not answered yet. */
export type SessionState =
  | { kind: "looking" }
  | { kind: "out" }
  | { kind: "in"; session: Session; confirmed: boolean };

const NAME = "session";
const CHOICE = "chosen-patient";
/** Kept after a session ends, so that Help shows the team's number before sign-in. Holds no health facts. */
export const HELP_FACTS = "help";

export const sessionState = createState<SessionState>({ kind: "looking" });
export const chosenPatient = createState<string | null>(null);

async function keep(session: Session): Promise<void> {
  learnCsrf(session.csrf);
  sessionState.set({ kind: "in", session, confirmed: true });
  // The CSRF token is worth nothing offline, so it is not written to the disk.
  await writeSnapshot(getAudience(), NAME, {
    etag: null,
    savedAt: Date.now(),
    body: { ...session, csrf: "" },
  });
}

async function lose(except: readonly string[]): Promise<void> {
  learnCsrf(null);
  // Forgotten before the screen says so: somebody who sees the sign-in page may hand the phone on.
  await forget(getAudience(), except);
  chosenPatient.set(null);
  sessionState.set({ kind: "out" });
}

/** Open from what this device kept, then ask the server. Never throws. */
export async function startSession(): Promise<void> {
  signedOut.subscribe(() => void lose([HELP_FACTS]));
  const asked = request<Session>("/session");
  asked.catch(() => undefined);
  const [kept, choice] = await Promise.all([
    readSnapshot<Session>(getAudience(), NAME),
    readSnapshot<string>(getAudience(), CHOICE),
  ]);
  if (choice) chosenPatient.set(choice.body);
  if (kept && sessionState.get().kind === "looking") {
    sessionState.set({ kind: "in", session: kept.body, confirmed: false });
  }
  try {
    const { body } = await asked;
    if (body) await keep(body);
  } catch (error) {
    const refused = error instanceof ApiError && error.status === 401;
    if (!refused && !kept) sessionState.set({ kind: "out" });
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

/** Raises ApiError: wrong-credentials, too-many-attempts, or an outage. */
export async function signIn(username: string, password: string): Promise<Session> {
  const { body } = await request<Session>("/session", { method: "POST", body: { username, password } });
  if (!body) throw new ApiError("not-the-service", 200, null);
  // Somebody else may have used this browser before, so their pages go first.
  chosenPatient.set(null);
  await forget(getAudience());
  await keep(body);
  return body;
}

/**
 * Choose a password with a one-time code and be signed in; the answer says the user name for next time. Raises
 * ApiError: 404 for a code that is unknown, used or over, 429 after too many wrong ones, or an outage.
 */
export async function pair(code: string, password: string): Promise<Session & { username: string }> {
  const { body } = await request<Session & { username: string }>("/pairing", {
    method: "POST",
    body: { code, password, username: null },
  });
  if (!body) throw new ApiError("not-the-service", 200, null);
  const { username, ...session } = body;
  chosenPatient.set(null);
  await forget(getAudience());
  await keep(session);
  return { ...session, username };
}

/** Forget everything here even when the server cannot be reached. Raises ApiError when it could not be told. */
export async function signOut(): Promise<void> {
  const state = sessionState.get();
  try {
    if (state.kind === "in" && !state.confirmed)
      await request<Session>("/session").then(({ body }) => learnCsrf(body?.csrf ?? null));
    // Who signs out here has done with this browser: it must not ring for them in the next one's hand.
    await turnOffPush();
    await request("/session", { method: "DELETE" });
  } finally {
    await lose([]);
  }
}

export function choosePatient(id: string): void {
  chosenPatient.set(id);
  void writeSnapshot(getAudience(), CHOICE, { etag: null, savedAt: Date.now(), body: id });
}

/** The record now open: the only one, or the one that was chosen. Null means that a choice is needed. */
export function openPatient(state: SessionState, chosen: string | null): PatientChoice | null {
  if (state.kind !== "in") return null;
  const { patients } = state.session;
  if (patients.length === 1) return patients[0] ?? null;
  return patients.find((patient) => patient.id === chosen) ?? null;
}
