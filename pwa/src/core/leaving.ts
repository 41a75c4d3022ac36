// What stays when somebody goes: what they recorded, sealed, until the service has it. Everything else is deleted.
import { request } from "./api";
import { withStore, type Row } from "./database";
import { heldState } from "./heldBack";
import * as outbox from "./outbox";
import { keepPhone, nobodysPhone, phoneState } from "./phone";
import { createState } from "./state";
import { forget } from "./store";
import { destroyKey } from "./vault";

/** Needed by Help before anybody has signed in; holds no health facts. */
export const HELP_FACTS = "help";

/** Counts those who left: whatever a module still knows of one by heart is not for whoever comes next. */
export const goneState = createState(0);

/** Not when a session ends by itself: a red reading's advice must not leave the screen because of that. */
export function forgetByHeart(): void {
  goneState.set(goneState.get() + 1);
}

const bare = (row: Row): Row =>
  row.sealed === null ? row : { ...row, box: null, trouble: null, state: "waiting", fact: true };

/**
 * Take what is readable out of an account's outbox. False when something of theirs has no sealed copy: it keeps its
 * readable one, and the key, because what was recorded is never dropped.
 */
async function sealOff(account: string): Promise<boolean> {
  return withStore(async (db) => {
    const transaction = db.transaction(["outbox", "acknowledged"], "readwrite");
    const waiting = transaction.objectStore("outbox");
    let all = true;
    for (const row of await waiting.getAll()) {
      if (row.account !== account) continue;
      all &&= row.sealed !== null;
      await waiting.put(bare(row));
    }
    const sent = transaction.objectStore("acknowledged");
    for (const kept of await sent.getAll()) {
      if (kept.account !== account) continue;
      // Without either copy it could never be sent again, and a restored service would leave it "not sent" for ever.
      await (kept.sealed === null ? sent.delete(kept.id) : sent.put({ ...kept, box: null }));
    }
    await transaction.done;
    return all;
  });
}

/** Delete all that an account left here in a readable form. Never throws. */
export async function leaveNothing(account: string | null): Promise<void> {
  outbox.forgetLive();
  heldState.set([]);
  try {
    if (account !== null && (await sealOff(account))) await destroyKey(account);
  } catch {
    // Without a database there is nothing of theirs on the disk either.
  }
  await forget("person", [HELP_FACTS]);
  await outbox.changed();
}

/** The lock was tried too often, or forgotten: as `leaveNothing`, and the cookie alone opens nothing any more. */
export async function shutTheVault(): Promise<void> {
  const facts = phoneState.get();
  forgetByHeart();
  await leaveNothing(facts?.account ?? null);
  if (facts) await keepPhone({ ...nobodysPhone(facts), signInAgain: true });
}

/** The service shut this phone out: nothing can be read here from now on. What was recorded still goes. */
export async function wipeReadable(): Promise<void> {
  const facts = phoneState.get();
  await leaveNothing(facts?.account ?? null);
  if (facts) await keepPhone({ ...nobodysPhone(facts), shutOut: true });
}

/** Once the outbox of a phone that was shut out is empty: say so, and let the browser throw the rest away. */
export async function tellWiped(): Promise<void> {
  const facts = phoneState.get();
  const left = outbox.outboxState.get();
  if (!facts?.shutOut || !left.ready || left.items.length + left.sealed > 0) return;
  try {
    await request("/phones/wiped", { method: "POST" });
    await keepPhone(null);
  } catch {
    // Told at the next start.
  }
}
