// The picture of whose record it is, or their first letter: a carer sees at a glance whom they are helping.
import type { JSX } from "preact";

export function Face(props: { photo: string | null; name: string; large?: boolean }): JSX.Element {
  const kind = `al-face${props.large ? " al-face--large" : ""}`;
  if (props.photo) return <img class={kind} src={props.photo} alt="" width="64" height="64" />;
  return (
    <span class={`${kind} al-face--letter`} aria-hidden="true">
      {props.name.slice(0, 1)}
    </span>
  );
}
