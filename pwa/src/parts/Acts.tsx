// What to do, one step a line, and whose words they are.
import type { JSX } from "preact";
import { t } from "../core/words";

/** A number alone is no step: the button below rings it. */
const BARE_NUMBER = /^[\d ]+$/;

/** `own`: the words stand in somebody's plan, and are no default. */
export function Acts(props: { words: readonly string[]; own: boolean }): JSX.Element {
  return (
    <>
      <p class="al-advice__plan">{t(props.own ? "advice.plan" : "advice.do")}</p>
      <ul class="al-advice__steps">
        {props.words.filter((words) => !BARE_NUMBER.test(words)).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </>
  );
}
