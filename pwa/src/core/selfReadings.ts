// A reading somebody typed, from Save until the service has it: what is sent, and what the screens draw meanwhile.
import { serverNow } from "./clock";
import { goneState } from "./leaving";
import { add, drawnOver, outboxState, type Queued } from "./outbox";
import { oxygenToSend, takenLevel, type Asking, type Taken } from "./takeSteps";
import type { AlertLevel, ReadingKind, SeriesPoint, ValueCode } from "./types";

/** What is kept beside the command, so that it can be shown without the network. */
export interface ReadingShow {
  kind: "reading";
  reading: ReadingKind;
  values: Partial<Record<ValueCode, string>>;
  effectiveAt: string;
  level: AlertLevel | null;
}

function isReading(show: object | null): show is ReadingShow {
  return show !== null && "kind" in show && show.kind === "reading";
}

/** Saved in this page's life: after it was acknowledged the outbox forgets it, and its page must still stand. */
const saved = new Map<string, ReadingShow>();
goneState.subscribe(() => saved.clear());

/** Throws OutboxFull or NobodysPhone: then nothing was saved. Answers the id of the command. */
export async function saveReading(patient: string, asking: Asking, taken: Taken, draftOf?: string): Promise<string> {
  const effectiveAt = taken.startedAt ?? serverNow().toISOString();
  const { values, repeated, unwell } = taken;
  const body = {
    kind: asking.kind,
    values,
    effective_at: effectiveAt,
    oxygen_litres: oxygenToSend(taken),
    repeated,
    symptoms: unwell,
  };
  const show: ReadingShow = {
    kind: "reading",
    reading: asking.kind,
    values,
    effectiveAt,
    level: takenLevel(asking, taken),
  };
  const path = `/patients/${patient}/readings`;
  const draft = { patient, what: "reading", method: "POST", path, body, show } as const;
  const queued = await add(draftOf ? { ...draft, draftOf } : draft);
  saved.set(queued.id, show);
  return queued.id;
}

/** What a saved reading was, or null on a phone that cannot say any more. */
export function savedReading(id: string): ReadingShow | null {
  const show = outboxState.get().items.find((item) => item.id === id)?.show ?? null;
  return isReading(show) ? show : (saved.get(id) ?? null);
}

export interface PendingReading extends ReadingShow {
  id: string;
  state: Queued["state"];
}

/** Typed here and not in the last answer yet, oldest first. `at`: when that answer was right, ms. */
export function pendingReadings(patient: string, at: number | null, kind?: ReadingKind): PendingReading[] {
  return drawnOver(patient, at, "reading").flatMap(({ id, state, show }) =>
    isReading(show) && (!kind || show.reading === kind) ? [{ ...show, id, state }] : [],
  );
}

/** The newest red one that no answer of the service knows yet: nobody but this phone can say what to do about it. */
export function redPending(patient: string, at: number | null): (PendingReading & { level: "urgent" | "emergency" }) | null {
  const red = pendingReadings(patient, at).filter(isRed);
  return red.filter((one) => one.level === "emergency").at(-1) ?? red.at(-1) ?? null;
}

function isRed(one: PendingReading): one is PendingReading & { level: "urgent" | "emergency" } {
  return one.level === "urgent" || one.level === "emergency";
}

export function pointOf(reading: ReadingShow): SeriesPoint {
  const { effectiveAt, values, level } = reading;
  return { effective_at: effectiveAt, received_at: effectiveAt, values, quality: "ok", level };
}
