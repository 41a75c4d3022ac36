// A low glucose: sugar first, then everything else. Needs no network, no sign-in and no unlocking.
// Steps: NHS, "Low blood sugar (hypoglycaemia)", and care section 4 of this project; under 4: "four is the floor".
import type { JSX } from "preact";
import { t } from "../core/words";
import { Dial } from "./Dial";

export function HypoSteps(props: { line: { name: string; phone: string } | null }): JSX.Element {
  return (
    <section class="al-advice al-advice--urgent" aria-labelledby="hypo-title">
      <h2 class="al-advice__title" id="hypo-title">
        {t("hypo.title")}
      </h2>
      <ol class="nhsuk-list nhsuk-list--number al-steps">
        <li>
          <strong>{t("hypo.1")}</strong>
          <ul class="nhsuk-list nhsuk-list--bullet">
            <li>{t("hypo.1.a")}</li>
            <li>{t("hypo.1.b")}</li>
            <li>{t("hypo.1.c")}</li>
          </ul>
        </li>
        <li>
          <strong>{t("hypo.2")}</strong>
        </li>
        <li>{t("hypo.3")}</li>
        <li>{t("hypo.4")}</li>
      </ol>
      <p class="al-advice__plan">{t(props.line ? "hypo.drowsyLine" : "hypo.drowsy")}</p>
      <p>{t("hypo.drowsyWords")}</p>
      {props.line ? (
        <Dial number={props.line.phone} words={t("advice.call", { team: props.line.name })} />
      ) : (
        <Dial number="999" words={t("help.999.call")} />
      )}
      <p class="al-quiet al-after">{t("hypo.source")}</p>
    </section>
  );
}
