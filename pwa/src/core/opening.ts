// The first half of a start, which needs no screen: what this phone kept, read while the rest of the app is still coming.
import { askAhead } from "./api";
import { endReadAhead, readAhead } from "./database";
import { openPhone, type PhoneFacts } from "./phone";
import { readSnapshot, warmUp, type Snapshot } from "./store";
import type { Session } from "./types";
import { openVault, vaultState } from "./vault";

/** Where the last answer of "who am I" is kept. */
export const SESSION = "session";

export interface Opened {
  /** False when this phone's cookie must not open anything. */
  mayOpen: boolean;
  /** Whose record was open last. */
  chosen: string | null;
  kept: Snapshot<Session> | null;
}

let begun: Promise<Opened> | null = null;

/** Begin, and ask the service who is signed in meanwhile, unless it is known that nobody would answer. */
export function beginOpening(): void {
  begun = open();
  if (!navigator.onLine) return;
  const asked = askAhead<Session>("/session");
  Promise.all([asked, begun])
    .then(([{ body }, { mayOpen, kept }]) => {
      // A phone that kept something shows that first. Another is opened by somebody who waits for this one answer.
      const isNew = mayOpen && kept === null && vaultState.get().state !== "locked" && location.pathname === "/";
      const [only, ...others] = body?.patients ?? [];
      if (!isNew || !only || others.length > 0) return null;
      const path = `/patients/${only.id}/home`;
      // By the address that the service told the browser together with the page: it may be here already.
      return only.relation === "self" ? askAhead(path, "/home") : askAhead(path);
    })
    // Whoever asks for the same is told why.
    .catch(() => undefined);
}

/** What this phone knows before anybody is asked. Never throws. */
export function opened(): Promise<Opened> {
  const mine = begun ?? open();
  begun = null;
  return mine;
}

async function open(): Promise<Opened> {
  readAhead([`person|${SESSION}`, "person|home/", "person|year/"]);
  try {
    const facts = await openPhone();
    const chosen = facts?.chosen ?? null;
    if (facts?.signInAgain || facts?.shutOut) return { mayOpen: false, chosen, kept: null };
    await openVault();
    const [kept] = await Promise.all([
      readSnapshot<Session>("person", SESSION),
      warmUp("person", facts ? firstPageOf(facts) : []),
    ]);
    return { mayOpen: true, chosen, kept };
  } finally {
    endReadAhead();
  }
}

/** What the page of today draws, by the names under which it is kept. */
function firstPageOf(facts: PhoneFacts): string[] {
  const [only, ...others] = facts.patients;
  const patient = others.length === 0 ? only?.id : facts.chosen;
  return patient ? [`home/${patient}`, `year/${patient}`] : [];
}
