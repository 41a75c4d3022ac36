// A check-in on its way: kept as it is answered, posted at once where an answer cannot wait, and whole at the end.
import { answersToSend } from "./checkIn";
import { add } from "./outbox";
import type { Answers, Questionnaire } from "./selfTypes";

/** What is kept of a check-in that is being answered; the id is the response's own from the first page on. */
export interface Answering {
  id: string;
  answers: Answers;
  safeNow: "yes" | "no" | null;
  /** What was posted already, as text, so that going to and fro posts nothing twice. */
  posted: string | null;
  /** The command of the newest post, by which its page says whether anybody has it. */
  command: string | null;
  startedAt: string | null;
}

export function newAnswering(): Answering {
  return { id: crypto.randomUUID(), answers: {}, safeNow: null, posted: null, command: null, startedAt: null };
}

/** Kept beside the command: which check-in, and no answer that somebody else could read in a list. */
export interface CheckInShow {
  kind: "check-in";
  questionnaire: string;
  title: string;
  private: boolean;
  done: boolean;
}

interface Sending {
  patient: string;
  form: Questionnaire;
  answering: Answering;
  askedBy: string | null;
  state: "draft" | "complete";
  draftOf?: string;
}

/** Throws OutboxFull or NobodysPhone. Answers the id of the command, the last one's where nothing has changed. */
export async function postCheckIn(sending: Sending): Promise<{ command: string; posted: string }> {
  const { patient, form, answering, state } = sending;
  const body = {
    questionnaire: form.id,
    version: form.version,
    answers: answersToSend(form, answering.answers),
    state,
    safe_now: answering.safeNow,
    asked_by: sending.askedBy,
  };
  const posted = JSON.stringify(body);
  if (posted === answering.posted && answering.command !== null) return { command: answering.command, posted };
  const path = `/patients/${patient}/check-ins/${answering.id}`;
  const show: CheckInShow = {
    kind: "check-in",
    questionnaire: form.id,
    title: form.title,
    private: form.private,
    done: state === "complete",
  };
  const draft = { patient, what: "check-in", method: "POST", path, body, show } as const;
  const { id } = await add(sending.draftOf ? { ...draft, draftOf: sending.draftOf } : draft);
  return { command: id, posted };
}

/** Whether words to a person name 999 as the one thing to do: then its button stands first. */
export function meansEmergency(words: string): boolean {
  return words.includes("999") && !words.includes("111");
}
