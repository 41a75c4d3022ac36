// A person's two conversations for a page, each with what was written here and has not arrived yet.
import { useMemo } from "preact/hooks";
import { drawnOver } from "../../core/outbox";
import { threadsOf } from "../../core/planResources";
import { waitingIn, type WaitingMessage } from "../../core/threadPending";
import type { Thread, Threads } from "../../core/threadTypes";
import type { View } from "../../core/sync";
import type { PatientChoice } from "../../core/types";
import { useOutbox, useResource } from "../hooks";

export interface ThreadSeen {
  thread: Thread;
  waiting: WaitingMessage[];
}

export interface ThreadsSeen {
  view: View<Threads>;
  threads: ThreadSeen[];
}

export function useThreads(patient: PatientChoice): ThreadsSeen {
  const view = useResource(threadsOf(patient.id));
  const outbox = useOutbox();
  const body = view.body;
  const threads = useMemo(() => {
    const over = drawnOver(patient.id, view.at, "message");
    return (body?.threads ?? []).map((thread) => ({ thread, waiting: waitingIn(thread, over) }));
  }, [body, outbox, patient.id, view.at]);
  return { view, threads };
}
