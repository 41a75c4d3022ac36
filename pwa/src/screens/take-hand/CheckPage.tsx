// A look before saving: the value large, everything that was answered, and a way to change each.
import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import { useRef, useState } from "preact/hooks";
import { OutboxFull } from "../../core/outbox";
import { saveReading } from "../../core/selfReadings";
import { oxygenToSend, type StepName, type Taken } from "../../core/takeSteps";
import { t } from "../../core/words";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { Digits, inOrder, numberWords, valuesWords } from "../../parts/Reading";
import type { StepProps } from "./screen";

export function CheckPage(props: StepProps): JSX.Element {
  const { judging, taking } = props;
  const { kind, codes } = judging.asking;
  const { route } = useLocation();
  const [errors, setErrors] = useState<FieldError[]>([]);
  const busy = useRef(false);
  const save = async (): Promise<void> => {
    // A second tap of a shaking hand is the same reading.
    if (busy.current) return;
    busy.current = true;
    try {
      const id = await saveReading(props.patient, judging.asking, taking.taken, props.draftName);
      taking.done();
      route(`/saved/${id}`, true);
    } catch (cause) {
      busy.current = false;
      const words = t(cause instanceof OutboxFull ? "take.check.full" : "take.nobody.words");
      setErrors([{ field: null, words }]);
    }
  };
  return (
    <Page title={t("take.check.title")} caption={t(`kind.${kind}`)} back={props.back} hasError={errors.length > 0}>
      <ErrorSummary errors={errors} />
      <p class="al-check__value">
        <Digits>{valuesWords(inOrder(kind, taking.taken.values))}</Digits>
      </p>
      <dl class="nhsuk-summary-list">
        {codes.map(({ code }) => (
          <Row key={code} what={t(`take.name.${code}`)} change={() => props.goTo(code)}>
            <Digits>{numberWords(code, taking.taken.values[code] ?? "")}</Digits>
          </Row>
        ))}
        <Answered taken={taking.taken} goTo={props.goTo} />
      </dl>
      <p class="al-sentence">{t("take.check.ask")}</p>
      <button class="al-button al-button--main" type="button" onClick={() => void save()}>
        {t("take.check.save")}
      </button>
    </Page>
  );
}

function Answered(props: { taken: Taken; goTo: (step: StepName) => void }): JSX.Element {
  const { taken, goTo } = props;
  return (
    <>
      {taken.oxygen !== null && (
        <Row what={t("take.check.oxygen")} change={() => goTo("oxygen")}>
          {oxygenWords(taken)}
        </Row>
      )}
      {taken.unwell !== null && (
        <Row what={t("take.check.feel")} change={() => goTo("feel")}>
          {t(taken.unwell ? "take.check.unwell" : "take.check.well")}
        </Row>
      )}
    </>
  );
}

function Row(props: { what: string; change: () => void; children: ComponentChildren }): JSX.Element {
  return (
    <div class="nhsuk-summary-list__row">
      <dt class="nhsuk-summary-list__key">{props.what}</dt>
      <dd class="nhsuk-summary-list__value">{props.children}</dd>
      <dd class="nhsuk-summary-list__actions">
        <button class="al-link-button" type="button" onClick={props.change}>
          {t("take.check.change")}
          <span class="nhsuk-u-visually-hidden"> {props.what}</span>
        </button>
      </dd>
    </div>
  );
}

function oxygenWords(taken: Taken): string {
  const sent = oxygenToSend(taken);
  if (sent === "0") return t("take.check.air");
  if (sent !== "unknown") return t("take.check.litres", { n: sent ?? "" });
  return t(taken.oxygen === "yes" ? "take.check.litresUnknown" : "take.check.unknown");
}
