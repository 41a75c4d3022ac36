// Fields of the team's forms: a label, a hint, the words of what is wrong, and the control itself.
import type { ComponentChildren, JSX } from "preact";
import { FieldErrorMessage } from "../ErrorSummary";

export interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  error?: string | null;
}

function about(props: FieldProps): string | undefined {
  const ids = [props.hint ? `${props.id}-hint` : "", props.error ? `${props.id}-error` : ""].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

function Around(props: FieldProps & { children: ComponentChildren }): JSX.Element {
  return (
    <div class={`nhsuk-form-group al-field${props.error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label" for={props.id}>
        {props.label}
      </label>
      {props.hint && (
        <div class="nhsuk-hint" id={`${props.id}-hint`}>
          {props.hint}
        </div>
      )}
      {props.error && <FieldErrorMessage id={`${props.id}-error`}>{props.error}</FieldErrorMessage>}
      {props.children}
    </div>
  );
}

export function TextField(
  props: FieldProps & {
    value: string;
    type?: "text" | "date" | "datetime-local" | "tel" | "search";
    inputMode?: "numeric" | "text";
    max?: string;
    maxLength?: number;
    onInput: (value: string) => void;
  },
): JSX.Element {
  return (
    <Around {...props}>
      <input
        class={`nhsuk-input al-input${props.error ? " nhsuk-input--error" : ""}`}
        id={props.id}
        type={props.type ?? "text"}
        inputMode={props.inputMode}
        max={props.max}
        maxLength={props.maxLength ?? 200}
        autocomplete="off"
        value={props.value}
        aria-describedby={about(props)}
        aria-invalid={props.error ? true : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Around>
  );
}

export interface Choice {
  value: string;
  words: string;
}

export function SelectField(
  props: FieldProps & { value: string; choices: readonly Choice[]; onInput: (value: string) => void },
): JSX.Element {
  return (
    <Around {...props}>
      <select
        class={`nhsuk-select al-select${props.error ? " nhsuk-select--error" : ""}`}
        id={props.id}
        value={props.value}
        aria-describedby={about(props)}
        aria-invalid={props.error ? true : undefined}
        onChange={(event) => props.onInput(event.currentTarget.value)}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
      </select>
    </Around>
  );
}

export function RadioField(props: {
  id: string;
  legend: string;
  hint?: string;
  value: string;
  choices: readonly Choice[];
  error?: string | null;
  onInput: (value: string) => void;
}): JSX.Element {
  return (
    <fieldset
      class={`nhsuk-fieldset nhsuk-form-group al-field${props.error ? " nhsuk-form-group--error" : ""}`}
      aria-describedby={about({ ...props, label: props.legend })}
    >
      <legend class="nhsuk-fieldset__legend al-field__legend">{props.legend}</legend>
      {props.hint && (
        <div class="nhsuk-hint" id={`${props.id}-hint`}>
          {props.hint}
        </div>
      )}
      {props.error && <FieldErrorMessage id={`${props.id}-error`}>{props.error}</FieldErrorMessage>}
      <div class="nhsuk-radios">
        {props.choices.map((choice, index) => (
          <div key={choice.value} class="nhsuk-radios__item">
            <input
              class="nhsuk-radios__input"
              id={index === 0 ? props.id : `${props.id}-${choice.value}`}
              name={props.id}
              type="radio"
              value={choice.value}
              checked={props.value === choice.value}
              onChange={() => props.onInput(choice.value)}
            />
            <label
              class="nhsuk-label nhsuk-radios__label"
              for={index === 0 ? props.id : `${props.id}-${choice.value}`}
            >
              {choice.words}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

export function CheckField(props: {
  id: string;
  label: string;
  checked: boolean;
  error?: string | null;
  onInput: (checked: boolean) => void;
}): JSX.Element {
  return (
    <div class={`nhsuk-checkboxes al-field${props.error ? " nhsuk-form-group--error" : ""}`}>
      {props.error && <FieldErrorMessage id={`${props.id}-error`}>{props.error}</FieldErrorMessage>}
      <div class="nhsuk-checkboxes__item">
        <input
          class="nhsuk-checkboxes__input"
          id={props.id}
          type="checkbox"
          checked={props.checked}
          aria-describedby={props.error ? `${props.id}-error` : undefined}
          onChange={(event) => props.onInput(event.currentTarget.checked)}
        />
        <label class="nhsuk-label nhsuk-checkboxes__label" for={props.id}>
          {props.label}
        </label>
      </div>
    </div>
  );
}
