// What was tried with a message before, by whom, what it changed in the alerts, and how it is undone.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { exactly } from "../../../core/format";
import { differenceOf } from "../../../core/held";
import type { HeldMessage, HeldTry } from "../../../core/heldTypes";
import { t, wordFor } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Changes, Undo } from "../../../parts/team/HeldParts";

export function Tries(props: { message: HeldMessage; now: Date }): JSX.Element | null {
  const { message, now } = props;
  if (message.tries.length === 0) return null;
  return (
    <section aria-labelledby="tries-title">
      <h2 class="al-section" id="tries-title">
        {t("tries.title")}
      </h2>
      <ul class="nhsuk-list">
        {message.tries.map((one) => (
          <li key={one.at} class="al-kit__item">
            <p>{tryWords(one, now)}</p>
            {one.correction && <Given correction={one.correction} now={now} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function tryWords(one: HeldTry, now: Date): string {
  const said = { who: one.by, when: exactly(new Date(one.at), now), person: one.person ?? "" };
  const asked = t(one.person ? "tries.given" : "tries.again", said);
  const state = wordFor("tryState", one.state) ?? one.state;
  return [asked, one.words ? `${state}: ${one.words}` : state].join(" ");
}

function Given(props: { correction: string; now: Date }): JSX.Element {
  const view = useResource(useMemo(() => differenceOf(props.correction), [props.correction]));
  return (
    <>
      {view.body && <Changes difference={view.body} now={props.now} before={false} />}
      <Undo correction={props.correction} words={t("undo.attribution")} />
    </>
  );
}
