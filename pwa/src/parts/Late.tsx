// Brings a part of the first page after it stands: nobody waits for what is only asked of them below it.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { bringAfterFirstPage } from "../core/firstPage";
import { learnRest } from "../core/words";

/** What `load` brings, once the first page stands; null until then. `load`: the same function each time. */
export function useLate<M>(load: () => Promise<M>): M | null {
  const [brought, setBrought] = useState<{ it: M } | null>(null);
  useEffect(() => {
    let isOver = false;
    bringAfterFirstPage(load, (it) => void (isOver || setBrought({ it })));
    return () => void (isOver = true);
  }, [load]);
  return brought?.it ?? null;
}

interface LateProps<P> {
  /** The same function each time it is drawn. */
  load: () => Promise<ComponentType<P>>;
  with: P;
}

export function Late<P extends object>(props: LateProps<P>): JSX.Element | null {
  const Part = useLate(props.load);
  return Part && <Part {...props.with} />;
}

/** A part whose words may not be here yet either. */
export function withItsWords<P>(load: () => Promise<ComponentType<P>>): () => Promise<ComponentType<P>> {
  return async () => (await Promise.all([load(), learnRest()]))[0];
}
