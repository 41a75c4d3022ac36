// Which phone this is: somebody's own or a shared one, whose, and by what right it may send after a session ends.
import { getRow, withStore } from "./database";
import type { SealKey } from "./seal";
import { createState } from "./state";
import type { Session } from "./types";

/** `unknown`: somebody is signed in here and was never asked, so nothing they see is kept on the disk. */
export type PhoneKind = "own" | "shared" | "unknown";

/** Holds no name and no health fact: it stands on the disk in the clear. */
export interface PhoneFacts {
  id: string;
  kind: PhoneKind;
  /** Whose outbox this is, while somebody is signed in or could go on recording; null after signing out. */
  account: string | null;
  /** The right to bring what was recorded after the session has ended. */
  ticket: string | null;
  sealKey: SealKey | null;
  lockAfterS: number;
  patients: { id: string; relation: "self" | "carer" }[];
  /** Whose record was open last, for somebody who helps several. */
  chosen: string | null;
  /** The lock was tried too often or forgotten: the cookie alone opens nothing any more. */
  signInAgain: boolean;
  /** The service shut this phone out: what it recorded is sent, and then nothing is left. */
  shutOut: boolean;
}

const KEY = "phone";
const LOCK_AFTER_S = 300;
/** Before anybody has signed in here. */
export const SOMEBODY = "somebody";

/** Null: nobody has said yet whose phone this is. Then nothing that can be read is kept on the disk. */
export const phoneState = createState<PhoneFacts | null>(null);

/** Never throws: a phone that keeps nothing is a phone that nobody has been asked about. */
export async function openPhone(): Promise<PhoneFacts | null> {
  try {
    const facts = (await getRow("vault", KEY)) as PhoneFacts | undefined;
    phoneState.set(facts ?? null);
  } catch {
    phoneState.set(null);
  }
  return phoneState.get();
}

export async function keepPhone(facts: PhoneFacts | null): Promise<void> {
  phoneState.set(facts);
  try {
    await withStore(async (db) => void (await (facts ? db.put("vault", facts, KEY) : db.delete("vault", KEY))));
  } catch {
    // Known until the page closes; asked again at the next sign-in.
  }
}

/** What to send at sign-in: the same id each time, so that a list of phones does not grow with each sign-in. */
export function phoneFor(kind: "own" | "shared"): { id: string; kind: "own" | "shared"; label: string } {
  const known = phoneState.get();
  const id = known?.kind === kind ? known.id : crypto.randomUUID();
  return { id, kind, label: phoneLabel(navigator.userAgent) };
}

/** "Android phone", for a list on which somebody looks for the one they lost. */
export function phoneLabel(agent: string): string {
  const device = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? "";
  const names: Record<string, string> = { Macintosh: "Mac", Android: "Android phone", Windows: "Windows computer" };
  const browser = /Edg|Firefox|SamsungBrowser|Chrome|Safari/.exec(agent)?.[0] ?? "";
  const browsers: Record<string, string> = { Edg: "Edge", SamsungBrowser: "Samsung Internet" };
  return [names[device] ?? device, browsers[browser] ?? browser].filter(Boolean).join(", ") || "Phone";
}

/** What an answer of sign-in, pairing or "who am I" says about this phone. */
export function phoneAfter(session: Session): PhoneFacts {
  const before = phoneState.get();
  const account = session.account ?? SOMEBODY;
  const known = before?.account === account ? before : newPhone(account, before);
  return {
    ...known,
    ...(session.phone ?? {}),
    ticket: session.upload_ticket ?? known.ticket,
    sealKey: session.seal_key ?? known.sealKey,
    lockAfterS: session.lock_after_s ?? LOCK_AFTER_S,
    patients: session.patients.map(({ id, relation }) => ({ id, relation })),
    signInAgain: false,
    shutOut: false,
  };
}

function newPhone(account: string, before: PhoneFacts | null): PhoneFacts {
  const nobody = { account, ticket: null, patients: [], chosen: null, signInAgain: false, shutOut: false };
  const id = before?.id ?? crypto.randomUUID();
  return { id, kind: "unknown", sealKey: before?.sealKey ?? null, lockAfterS: LOCK_AFTER_S, ...nobody };
}

/** After somebody has left: the phone knows what it is, and nobody. */
export function nobodysPhone(facts: PhoneFacts): PhoneFacts {
  return { ...facts, account: null, ticket: null, patients: [], chosen: null };
}
