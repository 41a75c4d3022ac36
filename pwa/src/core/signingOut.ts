// Signing out waits a little for what is not sent yet; what is left then stays sealed on the phone and is sent later.
import { flush } from "./flush";
import { outboxState } from "./outbox";
import { signOut } from "./session";
import { createState } from "./state";

/** Long enough for a few readings on a slow line, short enough to wait for with the phone in hand. */
const WAIT_MS = 8000;

export const signingOut = createState<"sending" | "leaving" | null>(null);

const atMost = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((done) => setTimeout(done, ms))]);

/** Never throws: out of reach of the service everything here is forgotten all the same. */
export async function sendThenSignOut(): Promise<void> {
  if (signingOut.get() !== null) return;
  const { items, sealed } = outboxState.get();
  if (items.length + sealed > 0) {
    signingOut.set("sending");
    await atMost(WAIT_MS, flush());
  }
  signingOut.set("leaving");
  await signOut().catch(() => undefined);
  signingOut.set(null);
}
