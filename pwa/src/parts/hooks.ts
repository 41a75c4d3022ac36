// Joins core's states to the views: the only place where the two meet.
import { useEffect, useReducer, useState } from "preact/hooks";
import { serverNow } from "../core/clock";
import { holdForm } from "../core/drafts";
import { afterFirstPage } from "../core/firstPage";
import { mayRecord, outboxState, type OutboxView } from "../core/outbox";
import { phoneState } from "../core/phone";
import { chosenPatient, openPatient, sessionState, type SessionState } from "../core/session";
import type { State } from "../core/state";
import type { Resource, View } from "../core/sync";
import type { PatientChoice } from "../core/types";
import { vaultState } from "../core/vault";

export function useValue<T>(state: State<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    redraw(undefined);
    return state.subscribe(() => redraw(undefined));
  }, [state]);
  return state.get();
}

/**
 * The view of a resource that is kept fresh while the screen is open; `null` while it is not known which one. One that
 * `canWait` is asked for when the first page stands.
 */
export function useResource<T>(resource: Resource<T> | null, canWait = false): View<T> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!resource) return;
    const leave = resource.view.subscribe(() => redraw(undefined));
    let isOver = false;
    let stop = (): void => undefined;
    const start = (): void => void (isOver || (stop = resource.watch()));
    if (canWait) afterFirstPage(start);
    else start();
    return () => {
      isOver = true;
      leave();
      stop();
    };
  }, [resource, canWait]);
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
  const session = useSession();
  // What opens on a locked phone, such as help, must not show whose phone it is.
  return useValue(vaultState).state === "locked" ? null : openPatient(session, chosen);
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

/** Everything saved here that the service does not have yet. */
export function useOutbox(): OutboxView {
  return useValue(outboxState);
}

/** Whether what is recorded now can be kept and sent: also signed out, where this phone has the right to. */
export function useMayRecord(): boolean {
  useValue(phoneState);
  useValue(vaultState);
  return mayRecord();
}

/** While `isDirty`, this form holds words that are not saved: a new version waits until it is done. */
export function useUnsaved(isDirty: boolean): void {
  useEffect(() => (isDirty ? holdForm() : undefined), [isDirty]);
}
