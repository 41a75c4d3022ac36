// "I'm worried": one tap, kept at once and sent as soon as it can be.
import { add, drawnOver } from "./outbox";

/** Throws OutboxFull or NobodysPhone: then nobody will be told, and the page says so. Answers the command's id. */
export async function sayWorried(patient: string): Promise<string> {
  const path = `/patients/${patient}/concern`;
  const show = { kind: "concern", at: new Date().toISOString() };
  return (await add({ patient, what: "concern", method: "POST", path, body: {}, show })).id;
}

/** Said on this phone and perhaps not known to anybody yet: a second tap says nothing new. */
export function worryOnTheWay(patient: string): string | null {
  return drawnOver(patient, 0, "concern").at(-1)?.id ?? null;
}
