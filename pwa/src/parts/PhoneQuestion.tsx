// The one question about a phone: whether it is somebody's own. It decides what may be kept on it.
import type { JSX } from "preact";
import { t } from "../core/words";
import { FieldErrorMessage, type FieldError } from "./ErrorSummary";

export type PhoneAnswer = "own" | "shared";

export function PhoneQuestion(props: {
  value: PhoneAnswer | null;
  errors: readonly FieldError[];
  onChange: (value: PhoneAnswer) => void;
}): JSX.Element {
  const error = props.errors.find((one) => one.field === "phone-own")?.words ?? null;
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <fieldset class="nhsuk-fieldset" aria-describedby={error ? "phone-error" : undefined}>
        <legend class="nhsuk-fieldset__legend al-section">{t("phone.question")}</legend>
        {error && <FieldErrorMessage id="phone-error">{error}</FieldErrorMessage>}
        <div class="nhsuk-radios">
          {(["own", "shared"] as const).map((kind) => (
            <div class="nhsuk-radios__item" key={kind}>
              <input
                class="nhsuk-radios__input"
                id={`phone-${kind}`}
                type="radio"
                name="phone"
                checked={props.value === kind}
                aria-describedby={`phone-${kind}-hint`}
                onChange={() => props.onChange(kind)}
              />
              <label class="nhsuk-label nhsuk-radios__label" for={`phone-${kind}`}>
                {t(`phone.${kind}`)}
              </label>
              <div class="nhsuk-hint nhsuk-radios__hint" id={`phone-${kind}-hint`}>
                {t(`phone.${kind}Hint`)}
              </div>
            </div>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

/** What an earlier sign-in on this phone answered. */
export function knownAnswer(kind: string | undefined): PhoneAnswer | null {
  return kind === "own" || kind === "shared" ? kind : null;
}
