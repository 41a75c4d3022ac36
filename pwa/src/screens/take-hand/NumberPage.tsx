// One number: what it is called on the device, one large field, and words for what cannot be right.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { serverNow } from "../../core/clock";
import { areSwapped, readTyped, type Refusal } from "../../core/typed";
import { t } from "../../core/words";
import type { TakenCode } from "../../core/selfTypes";
import type { ValueCode } from "../../core/types";
import { ErrorSummary, FieldErrorMessage, type FieldError } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import type { StepProps } from "./screen";

const EXAMPLE: Record<ValueCode, string> = {
  systolic: "138",
  diastolic: "84",
  spo2: "96",
  pulse: "72",
  weight: "71.2",
  temperature: "36.6",
  glucose: "6.4",
  "peak-flow": "410",
};

type NumberProps = StepProps & { code: ValueCode };

export function NumberPage(props: NumberProps): JSX.Element | null {
  const code = props.judging.taken.codes.find((one) => one.code === props.code);
  return code ? <OneNumber {...props} of={code} /> : null;
}

function OneNumber(props: NumberProps & { of: TakenCode }): JSX.Element {
  const { taking, judging, of } = props;
  const [text, setText] = useState(taking.taken.values[of.code] ?? "");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const refuse = (why: Refusal): void =>
    setErrors([{ field: "number", words: refusalWords(why, of, taking.taken.values.systolic) }]);
  const goOn = (event: Event): void => {
    event.preventDefault();
    const typed = readTyped(of, text);
    if (!typed.ok) return refuse(typed.why);
    const values = { ...taking.taken.values, [of.code]: typed.value };
    if (of.code === "diastolic" && areSwapped(values)) return refuse("swapped");
    const startedAt = taking.taken.startedAt ?? serverNow().toISOString();
    // Another number is another question: what was answered about the one before does not stand for it.
    props.goOn(of.code, taking.change({ values, startedAt, sure: false }));
  };
  return (
    <Page
      title={t(`take.ask.${of.code}`)}
      caption={t(`kind.${judging.asking.kind}`)}
      back={props.back}
      hasError={errors.length > 0}
    >
      <ErrorSummary errors={errors} />
      <form class="al-form" noValidate onSubmit={goOn}>
        <NumberField of={of} text={text} error={errors[0]?.words ?? null} onInput={setText} />
        <button class="al-button al-button--main" type="submit">
          {t("take.next")}
        </button>
      </form>
    </Page>
  );
}

function NumberField(props: {
  of: TakenCode;
  text: string;
  error: string | null;
  onInput: (text: string) => void;
}): JSX.Element {
  const { of, error } = props;
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-u-visually-hidden" for="number">
        {t(`take.ask.${of.code}`)}
      </label>
      <div class="nhsuk-hint" id="number-hint">
        {t(`take.hint.${of.code}`)}
      </div>
      {error && <FieldErrorMessage id="number-error">{error}</FieldErrorMessage>}
      <input
        class={`nhsuk-input al-input al-number${error ? " nhsuk-input--error" : ""}`}
        id="number"
        type="text"
        dir="ltr"
        inputMode={of.step === "1" ? "numeric" : "decimal"}
        maxLength={7}
        autocomplete="off"
        value={props.text}
        aria-describedby={error ? "number-hint number-error" : "number-hint"}
        aria-invalid={error ? true : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function refusalWords(why: Refusal, code: TakenCode, systolic: string | undefined): string {
  if (why === "impossible") return t("take.bad.impossible", { low: code.hard[0], high: code.hard[1] });
  if (why === "swapped") return t("take.bad.swapped", { first: systolic ?? "" });
  return t(`take.bad.${why}`, { example: EXAMPLE[code.code] });
}
