// What was typed and not saved yet, by the address of its form: a call, a lock or an update must not lose it.
import { dropSnapshot, readSnapshot, writeSnapshot } from "./store";
import { createState } from "./state";

const nameOf = (address: string): string => `draft|${address}`;
/** One after another: what was typed last is what stands, and what was let go of stays gone. */
let writes: Promise<unknown> = Promise.resolve();

function inTurn(write: () => Promise<unknown>): Promise<void> {
  const done = writes.then(write).then(() => undefined);
  writes = done.catch(() => undefined);
  return done;
}

/** What was typed here before, or null. Encrypted on one's own phone, in memory on a shared one, 14 days. */
export async function readDraft<T>(address: string): Promise<T | null> {
  await writes;
  return (await readSnapshot<T>("person", nameOf(address)))?.body ?? null;
}

/** Never throws: a full disk keeps the words on the screen, where they are. */
export function keepDraft(address: string, body: unknown): Promise<void> {
  return inTurn(() => writeSnapshot("person", nameOf(address), { etag: null, savedAt: Date.now(), body }));
}

export function forgetDraft(address: string): Promise<void> {
  return inTurn(() => dropSnapshot("person", nameOf(address)));
}

/** How many forms with unsaved words are open; an update waits for them. */
export const unsavedForms = createState(0);

/** Say that a form holds words that are not saved. Returns how to take it back. */
export function holdForm(): () => void {
  unsavedForms.set(unsavedForms.get() + 1);
  let held = true;
  return () => {
    if (held) unsavedForms.set(unsavedForms.get() - 1);
    held = false;
  };
}
