// What somebody may see, one line for each category.
import type { JSX } from "preact";
import { scopeWords } from "../core/circleWords";
import type { Scope } from "../core/circleTypes";

export function ScopeList(props: { scopes: readonly Scope[] }): JSX.Element {
  return (
    <ul class="nhsuk-list nhsuk-list--bullet">
      {scopeWords(props.scopes).map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  );
}
