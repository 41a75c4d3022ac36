// Who answers now, day and night: numbers that stand in the form itself.
import type { JSX } from "preact";
import { t } from "../../core/words";
import type { Safety } from "../../core/selfTypes";
import { Dial } from "../../parts/Dial";

export function CrisisLines(props: { safety: Safety; isUnsafe: boolean }): JSX.Element {
  return (
    <ul class="al-choices">
      {props.safety.lines.map(({ name, phone, words }, index) => (
        <li key={phone}>
          <p class="al-safe__line">
            <strong>{name}.</strong> {words}
          </p>
          <Dial number={phone} words={t("help.team.call", { phone })} quiet={index > 0 || !props.isUnsafe} />
        </li>
      ))}
    </ul>
  );
}
