// A number to ring: the widest and highest thing on the page.
import type { JSX } from "preact";
import { telephone } from "../core/format";

export function Dial(props: { number: string; words: string; quiet?: boolean }): JSX.Element {
  return (
    <a class={`al-button al-button--main${props.quiet ? " al-button--quiet" : ""}`} href={telephone(props.number)}>
      {props.words}
    </a>
  );
}
