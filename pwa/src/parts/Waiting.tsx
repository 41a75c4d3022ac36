// A page that is still being opened: the frame at once, words only when it takes long, so that nothing jumps.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "./Page";

const PATIENCE_MS = 800;

export function Waiting(props: { title: string; words: string; bare?: boolean }): JSX.Element {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const heading = <span class="nhsuk-u-visually-hidden">{props.title}</span>;
  return (
    <Page title={props.title} heading={heading} bare={props.bare ?? false} isOpening>
      <p role="status">{isLong ? props.words : ""}</p>
    </Page>
  );
}
