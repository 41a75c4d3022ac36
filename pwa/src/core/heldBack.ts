// What came sealed from this author's phones and was refused: the service keeps it until they say what is to become of it.
import { request } from "./api";
import type { CommandKind } from "./commands";
import { heldShow } from "./heldShow";
import type { Queued } from "./outbox";
import { createState } from "./state";
import type { Problem } from "./types";

interface Held {
  id: string;
  patient: string;
  path: string;
  body: string | null;
  made_at: string | null;
  received_at: string;
  problem: Partial<Problem>;
}

export const heldState = createState<readonly Queued[]>([]);

const KINDS: readonly [RegExp, CommandKind][] = [
  [/\/plan\/sections\//, "plan"],
  [/\/goals\//, "goal"],
  [/\/ticks$/, "tick"],
  [/\/todo\//, "task"],
  [/\/messages\//, "message"],
  [/\/check-ins\//, "check-in"],
  [/\/readings$/, "reading"],
  [/\/concern/, "concern"],
  [/\/feedback$/, "feedback"],
  [/\/(circle|people|invitations|photo|hand-back)/, "sharing"],
];

export function kindOf(path: string): CommandKind {
  return KINDS.find(([pattern]) => pattern.test(path))?.[1] ?? "settings";
}

function bodyOf(text: string | null): Record<string, unknown> | null {
  try {
    return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return null;
  }
}

function queued(held: Held): Queued {
  const { problem } = held;
  const body = bodyOf(held.body);
  return {
    id: held.id,
    patient: held.patient,
    what: kindOf(held.path),
    document: held.path,
    madeAt: held.made_at ?? held.received_at,
    state: problem.status === 412 ? "needs-you" : "refused",
    show: heldShow(held.path, body, problem.current) ?? body,
    problem: { title: "", status: 0, kind: "conflict", code: "refused", detail: "", ...problem },
  };
}

/** Asked when somebody signs in or opens the app. Never throws. */
export async function askHeld(): Promise<void> {
  try {
    const { body } = await request<{ items: Held[] }>("/outbox/held");
    heldState.set((body?.items ?? []).map(queued));
  } catch {
    // Asked again at the next opening.
  }
}

export function isHeld(id: string): boolean {
  return heldState.get().some((item) => item.id === id);
}

/** Say what became of one. When nobody can be told it is shown again at the next opening. Never throws. */
export async function settleHeld(id: string, how: "sent-again" | "let-go"): Promise<void> {
  heldState.set(heldState.get().filter((item) => item.id !== id));
  await request(`/outbox/held/${id}/settle`, { method: "POST", body: { how } }).catch(() => undefined);
}
