// One answer of several, each a row as wide as the page, so that a shaking hand finds it.
import type { JSX } from "preact";
import { FieldErrorMessage, type FieldError } from "./ErrorSummary";

export interface Choice<V extends string | number> {
  value: V;
  words: string;
}

export function Choices<V extends string | number>(props: {
  name: string;
  /** The question: the page's heading says it already, so it is not shown twice. */
  legend: string;
  hint?: string | undefined;
  value: V | null;
  choices: readonly Choice<V>[];
  errors?: readonly FieldError[];
  onChoose: (value: V) => void;
}): JSX.Element {
  const { name, choices } = props;
  const idOf = (value: V): string => `${name}-${String(value)}`;
  const error = props.errors?.find(({ field }) => field?.startsWith(`${name}-`))?.words ?? null;
  const described = [props.hint ? `${name}-hint` : "", error ? `${name}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <fieldset class="nhsuk-fieldset" aria-label={props.legend} aria-describedby={described || undefined}>
        {props.hint && (
          <div class="nhsuk-hint" id={`${name}-hint`}>
            {props.hint}
          </div>
        )}
        {error && <FieldErrorMessage id={`${name}-error`}>{error}</FieldErrorMessage>}
        <div class="nhsuk-radios">
          {choices.map(({ value, words }) => (
            <div class="nhsuk-radios__item al-option" key={value}>
              <input
                class="nhsuk-radios__input"
                id={idOf(value)}
                name={name}
                type="radio"
                autocomplete="off"
                checked={props.value === value}
                onChange={() => props.onChoose(value)}
              />
              <label class="nhsuk-label nhsuk-radios__label" for={idOf(value)}>
                {words}
              </label>
            </div>
          ))}
        </div>
      </fieldset>
    </div>
  );
}
