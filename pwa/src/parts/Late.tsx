// Brings a part of the first page after it stands: nobody waits for what is only asked of them below it.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { bringAfterFirstPage } from "../core/firstPage";
import { learnRest } from "../core/words";

interface LateProps<P> {
  /** The same function each time it is drawn. */
  load: () => Promise<ComponentType<P>>;
  with: P;
}

export function Late<P extends object>(props: LateProps<P>): JSX.Element | null {
  const { load } = props;
  const [part, setPart] = useState<{ Part: ComponentType<P> } | null>(null);
  useEffect(() => {
    let isOver = false;
    // Its words may not be here yet either.
    bringAfterFirstPage(
      () => Promise.all([load(), learnRest()]),
      ([Part]) => void (isOver || setPart({ Part })),
    );
    return () => void (isOver = true);
  }, [load]);
  return part && <part.Part {...props.with} />;
}
