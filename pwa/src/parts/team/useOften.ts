// Asks again every few seconds while somebody waits for a device: kit that nobody wears has no live events.
import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../../core/clock";
import type { Resource } from "../../core/sync";

export function useOften(resource: Resource<unknown>, everyMs: number): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void resource.pull();
    }, everyMs);
    return () => clearInterval(timer);
  }, [resource, everyMs]);
}

/** The time, told every second, for a countdown that somebody reads while they type a code. */
export function useSeconds(): Date {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
