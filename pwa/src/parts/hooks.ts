// Joins core's states to the views: the only place where the two meet.
import { useEffect, useReducer, useState } from "preact/hooks";
import { serverNow } from "../core/clock";
import { chosenPatient, openPatient, sessionState, type SessionState } from "../core/session";
import type { State } from "../core/state";
import type { Resource, View } from "../core/sync";
import type { PatientChoice } from "../core/types";

export function useValue<T>(state: State<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    redraw(undefined);
    return state.subscribe(() => redraw(undefined));
  }, [state]);
  return state.get();
}

/** The view of a resource that is kept fresh while the screen is open; `null` while it is not known which one. */
export function useResource<T>(resource: Resource<T> | null): View<T> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!resource) return;
    const leave = resource.view.subscribe(() => redraw(undefined));
    const stop = resource.watch();
    return () => {
      leave();
      stop();
    };
  }, [resource]);
  return resource?.view.get() ?? { body: null, at: null, etag: null, trouble: null, asked: false };
}

/** The time, told again every ten seconds, so that ages on the screen grow. */
export function useNow(): Date {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function useSession(): SessionState {
  return useValue(sessionState);
}

/** Whose record is open on this phone, or null while a choice or a sign-in is needed. */
export function useOpenPatient(): PatientChoice | null {
  const chosen = useValue(chosenPatient);
  return openPatient(useSession(), chosen);
}

/** How wide an element is, so that a chart's letters keep their size on every screen. */
export function useWidth(element: { current: HTMLElement | null }, fallback: number): number {
  const [width, setWidth] = useState(fallback);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const observer = new ResizeObserver(() => setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
