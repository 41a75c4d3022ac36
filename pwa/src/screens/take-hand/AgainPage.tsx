// A soft doubt in words: never a stop. Taking it again keeps the first one too, so that nothing dangerous is lost.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { saveReading } from "../../core/selfReadings";
import { firstDoubt } from "../../core/takeSteps";
import { t } from "../../core/words";
import { Fill } from "../../parts/Fill";
import { Page } from "../../parts/Page";
import { Digits, numberWords } from "../../parts/Reading";
import type { StepProps } from "./screen";

export function AgainPage(props: StepProps): JSX.Element {
  const { judging, taking } = props;
  const [isFull, setFull] = useState(false);
  const doubted = firstDoubt(judging.asking, taking.taken);
  const code = judging.asking.codes[0]?.code ?? "systolic";
  const again = async (): Promise<void> => {
    try {
      await saveReading(props.patient, judging.asking, taking.taken);
    } catch {
      return setFull(true);
    }
    taking.restart({ repeated: true });
    props.goTo(code);
  };
  return (
    <Page title={t("take.doubt.title")} caption={t(`kind.${judging.asking.kind}`)} back={props.back}>
      {doubted && (
        <p class="al-sentence">
          <Fill
            words={`take.doubt.${doubted.doubt.side}.${doubted.doubt.than}`}
            gaps={{ value: <Digits>{numberWords(doubted.code, doubted.value)}</Digits> }}
          />
        </p>
      )}
      <p>{t("take.doubt.words")}</p>
      {isFull && <p class="al-error">{t("take.check.full")}</p>}
      <button class="al-button al-button--main" type="button" onClick={() => void again()}>
        {t("take.doubt.again")}
      </button>
      <button
        class="al-button al-button--main al-button--quiet"
        type="button"
        onClick={() => props.goOn("again", taking.change({ sure: true }))}
      >
        {t("take.doubt.right")}
      </button>
      <p class="al-quiet al-after">{t("take.doubt.kept")}</p>
    </Page>
  );
}
