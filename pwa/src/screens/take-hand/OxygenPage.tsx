// Oxygen in use as it was measured: a number means something else with it, and "I do not know" is an answer of its own.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../core/words";
import { readLitres, type Oxygen } from "../../core/takeSteps";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { TextField } from "../../parts/Fields";
import { Choices } from "../../parts/Choices";
import { Page } from "../../parts/Page";
import type { StepProps } from "./screen";

const ANSWERS: readonly Oxygen[] = ["yes", "no", "unknown"];

export function OxygenPage(props: StepProps): JSX.Element {
  const { taken } = props.taking;
  const prescribed = props.judging.taking?.oxygen?.litres ?? null;
  const [oxygen, setOxygen] = useState<Oxygen | null>(taken.oxygen);
  const [litres, setLitres] = useState(taken.litres === "unknown" ? "" : (taken.litres ?? ""));
  const [errors, setErrors] = useState<FieldError[]>([]);
  const goOn = (event: Event): void => {
    event.preventDefault();
    const read = readLitres(litres);
    if (oxygen === null) return setErrors([{ field: "oxygen-yes", words: t("take.oxygen.choose") }]);
    if (oxygen === "yes" && read === null) return setErrors([{ field: "litres", words: t("take.oxygen.bad") }]);
    props.goOn("oxygen", props.taking.change({ oxygen, litres: oxygen === "yes" ? read : null }));
  };
  return (
    <Page title={t("take.oxygen.ask")} caption={t("kind.spo2")} back={props.back} hasError={errors.length > 0}>
      <ErrorSummary errors={errors} />
      {prescribed !== null && <p>{t("take.oxygen.prescribed", { litres: prescribed })}</p>}
      <form class="al-form" noValidate onSubmit={goOn}>
        <Choices
          name="oxygen"
          legend={t("take.oxygen.ask")}
          value={oxygen}
          choices={ANSWERS.map((value) => ({ value, words: t(`take.oxygen.${value}`) }))}
          errors={errors}
          onChoose={setOxygen}
        />
        {oxygen === "yes" && <Litres value={litres} errors={errors} onInput={setLitres} />}
        <button class="al-button al-button--main" type="submit">
          {t("take.next")}
        </button>
      </form>
    </Page>
  );
}

function Litres(props: { value: string; errors: FieldError[]; onInput: (text: string) => void }): JSX.Element {
  return (
    <TextField
      id="litres"
      label={t("take.oxygen.litres")}
      hint={t("take.oxygen.litresHint")}
      mode="decimal"
      maxLength={5}
      {...props}
    />
  );
}
