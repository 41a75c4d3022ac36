// Whether somebody feels unwell: with an unusual number it is what decides how quickly a nurse looks.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../core/words";
import { Choices } from "../../parts/Choices";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import type { StepProps } from "./screen";

export function FeelPage(props: StepProps): JSX.Element {
  const { unwell } = props.taking.taken;
  const [value, setValue] = useState<"yes" | "no" | null>(unwell === null ? null : unwell ? "yes" : "no");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const goOn = (event: Event): void => {
    event.preventDefault();
    if (value === null) return setErrors([{ field: "feel-yes", words: t("take.oxygen.choose") }]);
    props.goOn("feel", props.taking.change({ unwell: value === "yes" }));
  };
  return (
    <Page
      title={t("take.feel.ask")}
      caption={t(`kind.${props.judging.asking.kind}`)}
      back={props.back}
      hasError={errors.length > 0}
    >
      <ErrorSummary errors={errors} />
      <form class="al-form" noValidate onSubmit={goOn}>
        <Choices
          name="feel"
          legend={t("take.feel.ask")}
          value={value}
          choices={(["yes", "no"] as const).map((one) => ({ value: one, words: t(`take.feel.${one}`) }))}
          errors={errors}
          onChoose={setValue}
        />
        <button class="al-button al-button--main" type="submit">
          {t("take.next")}
        </button>
      </form>
    </Page>
  );
}
