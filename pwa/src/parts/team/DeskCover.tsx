// Around every page of the team: sounds for red cards, and covers the page while the desk is locked.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { lockState, unlock, watchIdle } from "../../core/lock";
import { NOTHING_WATCHED, watchReds, type RedWatch } from "../../core/redWatch";
import { worklist } from "../../core/resources";
import { ring } from "../../core/sound";
import { unclaimedReds } from "../../core/worklist";
import { useResource, useSession, useValue } from "../hooks";
import { LockScreen } from "./LockScreen";
import { hasList } from "./places";

export function DeskCover(props: { children: ComponentChildren }): JSX.Element {
  const session = useSession();
  const isLocked = useValue(lockState);
  const isDesk = session.kind === "in" && hasList(session.session.role);
  useEffect(() => {
    // Whoever signed out has nothing left to hide, and the next one signs in anyway.
    if (session.kind === "out") unlock();
  }, [session.kind]);
  if (!isDesk) return <>{props.children}</>;
  return (
    <>
      <Listening key={session.session.display_name} isLocked={isLocked} />
      {isLocked ? <LockScreen /> : props.children}
    </>
  );
}

/** Listens on every page, locked or not; draws nothing. */
function Listening(props: { isLocked: boolean }): null {
  const view = useResource(useMemo(() => worklist(), []));
  const watch = useRef<RedWatch>(NOTHING_WATCHED);
  useEffect(watchIdle, []);
  useEffect(() => {
    const look = (): void => {
      if (!view.body) return;
      const { next, rings } = watchReds(watch.current, unclaimedReds(view.body), props.isLocked, Date.now());
      watch.current = next;
      if (rings) ring();
    };
    look();
    const timer = setInterval(look, 5000);
    return () => clearInterval(timer);
  }, [view.body, props.isLocked]);
  return null;
}
