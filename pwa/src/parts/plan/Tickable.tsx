// One row to tap when a thing is done: a box, the words, and in words whether it is done.
import type { ComponentChildren, JSX } from "preact";

export function Tickable(props: {
  done: boolean;
  state: string;
  onToggle: () => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <button
      class="al-tick"
      type="button"
      role="checkbox"
      aria-checked={props.done}
      onClick={props.onToggle}
    >
      <span class="al-tick__box" aria-hidden="true" />
      <span class="al-tick__words">
        <span class="al-tick__text">{props.children}</span>
        <span class="al-tick__state">{props.state}</span>
      </span>
    </button>
  );
}
