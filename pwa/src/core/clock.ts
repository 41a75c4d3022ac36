// What time it is for the service: the server's clock, because a phone's own clock may be wrong.

let offsetMs = 0;

/** Learn how far this device's clock is from the server's, from the Date header of an answer. */
export function learnServerTime(dateHeader: string | null, receivedAtMs: number): void {
  if (!dateHeader) return;
  const server = Date.parse(dateHeader);
  if (Number.isNaN(server)) return;
  const offset = server - receivedAtMs;
  // The header counts whole seconds, so a difference under two seconds is noise.
  offsetMs = Math.abs(offset) < 2000 ? 0 : offset;
}

export function serverNow(): Date {
  return new Date(Date.now() + offsetMs);
}
