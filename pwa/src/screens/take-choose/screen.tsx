// What somebody wants to measure: what the team asks for first, everything else below.
import type { JSX } from "preact";
import { TAKE_KINDS } from "../../core/takeKinds";
import { t } from "../../core/words";
import { useOpenPatient } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { useRecordFor } from "../../parts/useRecordFor";
import { useJudging } from "../../parts/useTaking";
import { HelpingBanner } from "../../parts/WithPatient";

export const address = "/take";
export const open = true;
export const nav = "today";

export function Screen(): JSX.Element {
  const person = useOpenPatient();
  const { patient, isOpen } = useRecordFor();
  const { taking } = useJudging(isOpen ? patient : null, "blood-pressure");
  const expected = taking?.kinds.filter((one) => one.expected).map((one) => one.kind) ?? [];
  const kinds = [...expected, ...TAKE_KINDS.filter((kind) => !expected.includes(kind))];
  return (
    <Page title={t("take.anyTitle")} back={{ href: "/", words: t("take.back") }}>
      {person && <HelpingBanner patient={person} />}
      <ul class="al-choices">
        {kinds.map((kind) => (
          <li key={kind}>
            <a class="al-choice" href={`/take/${kind}`}>
              <span class="al-choice__name">{t(`kind.${kind}`)}</span>
              {expected.includes(kind) && <span class="al-choice__hint">{t("take.anyExpected")}</span>}
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
