// What a nurse does to a card: sent at once, never queued, because a colleague may be doing the same.
import { ApiError, request } from "./api";
import { once } from "./resources";
import { pullAll, type Resource } from "./sync";
import type {
  AlertCustody,
  Card,
  CareLimits,
  Colleague,
  HandoverMade,
  Handovers,
  ReadingCustody,
  Rehearsal,
} from "./cardTypes";
import type { Row } from "./deskTypes";
import type { LiveEvent } from "./types";

export type Verb =
  | "accept"
  | "claim"
  | "close"
  | "contact"
  | "message"
  | "note"
  | "recheck"
  | "recheck/done"
  | "responders"
  | "snooze"
  | "undo"
  | "wrong-rule";

export type DeskAnswer<T> =
  | { kind: "done"; body: T }
  /** Somebody was faster; `row` is what it is now, when the server says it. */
  | { kind: "stale"; row: Row | null; code: string }
  | { kind: "failed"; error: ApiError };

/** `key` is made once a tap, so that a second try after a lost answer is not a second deed. */
export async function act<T = Row>(row: Row, verb: Verb, body: object, key: string): Promise<DeskAnswer<T>> {
  try {
    const answer = await request<T>(`/alerts/${row.id}/${verb}`, {
      method: "POST",
      body,
      ifMatch: `W/"${String(row.version)}"`,
      idempotencyKey: key,
    });
    return { kind: "done", body: answer.body as T };
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError("no-network", 0, null);
    if (error.status !== 412) return { kind: "failed", error };
    return {
      kind: "stale",
      row: (error.problem?.current as Row | undefined) ?? null,
      code: error.problem?.code ?? "",
    };
  } finally {
    pullAll();
  }
}

const ofAlerts = (event: LiveEvent): boolean => event.t === "alert";

export function cardOf(id: string): Resource<Card> {
  return once<Card>(`card/${id}`, `/alerts/${id}`, ofAlerts);
}

export function handovers(): Resource<Handovers> {
  return once<Handovers>("handovers", "/handovers", ofAlerts);
}

export function colleagues(): Resource<{ colleagues: Colleague[] }> {
  return once<{ colleagues: Colleague[] }>("colleagues", "/colleagues", () => false);
}

export function limitsOf(patient: string): Resource<CareLimits> {
  return once<CareLimits>(`limits/${patient}`, `/patients/${patient}/limits`, () => false);
}

export function custodyOfAlert(id: string): Resource<AlertCustody> {
  return once<AlertCustody>(`custody/${id}`, `/alerts/${id}/custody`, ofAlerts);
}

export function custodyOfReading(patient: string, query: string): Resource<ReadingCustody> {
  const path = `/patients/${patient}/readings/custody?${query}`;
  return once<ReadingCustody>(`custody/${patient}/${query}`, path, ofAlerts);
}

export interface LimitAsked {
  code: string;
  low: string | null;
  high: string | null;
}

/** What a range would have changed lately. Raises ApiError. */
export async function rehearse(patient: string, asked: LimitAsked): Promise<Rehearsal> {
  const answer = await request<Rehearsal>(`/patients/${patient}/limits/rehearsal`, {
    method: "POST",
    body: asked,
    timeoutMs: 30_000,
  });
  return answer.body as Rehearsal;
}

export interface LimitSaved extends LimitAsked {
  reason: string;
  /** The token of the rehearsal that was shown. */
  rehearsal: string;
}

/** Save a range at the version that was shown; 0 while no clinician has set one. Raises ApiError. */
export async function saveLimit(
  patient: string,
  limit: LimitSaved,
  version: number,
  key: string,
): Promise<void> {
  await request(`/patients/${patient}/limits`, {
    method: "POST",
    body: limit,
    ifMatch: `W/"${String(version)}"`,
    idempotencyKey: key,
    timeoutMs: 30_000,
  });
  pullAll();
}

export interface Giving {
  /** A colleague's id, or "team". */
  to: string;
  note: string;
  cards: readonly Row[];
  key: string;
}

export type Given = { kind: "done"; made: HandoverMade } | { kind: "refused"; words: string | null };

/** Offer cards, each at the version that is shown; one that has changed is refused by itself. */
export async function giveCards(giving: Giving): Promise<Given> {
  const { to, note, cards, key } = giving;
  const isTeam = to === "team";
  const body = {
    to: isTeam ? null : to,
    team: isTeam,
    note,
    cards: cards.map(({ id, version }) => ({ id, version })),
  };
  try {
    const answer = await request<HandoverMade>("/handovers", { method: "POST", body, idempotencyKey: key });
    return { kind: "done", made: answer.body as HandoverMade };
  } catch (cause) {
    return { kind: "refused", words: cause instanceof ApiError ? (cause.problem?.detail ?? null) : null };
  } finally {
    pullAll();
  }
}
