// How far something that was saved here has come: on this phone, received, or refused. From the outbox and nothing else.
import { outboxState, receivedState } from "./outbox";

export type SavedState =
  | { kind: "waiting" }
  | { kind: "received"; at: number }
  | { kind: "refused" }
  /** From an earlier life of this page: the list of what is not sent would say so if it were not. */
  | { kind: "gone" };

export function savedState(id: string): SavedState {
  const at = receivedState.get().get(id);
  if (at !== undefined) return { kind: "received", at };
  const item = outboxState.get().items.find((one) => one.id === id);
  if (item) return { kind: item.state === "refused" || item.state === "needs-you" ? "refused" : "waiting" };
  return { kind: outboxState.get().sealed > 0 ? "waiting" : "gone" };
}
