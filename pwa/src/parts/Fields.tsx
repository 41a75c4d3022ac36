// Fields of the person's forms: a label, a hint, the words of what is wrong, and nothing that a browser keeps for later.
import type { ComponentChildren, JSX } from "preact";
import { t } from "../core/words";
import { FieldErrorMessage, type FieldError } from "./ErrorSummary";

export interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  errors?: readonly FieldError[];
}

const errorOf = (props: FieldProps): string | null =>
  props.errors?.find((error) => error.field === props.id)?.words ?? null;

function described(props: FieldProps): string | undefined {
  const ids = [props.hint ? `${props.id}-hint` : "", errorOf(props) ? `${props.id}-error` : ""];
  return ids.filter(Boolean).join(" ") || undefined;
}

function Around(props: FieldProps & { children: ComponentChildren }): JSX.Element {
  const error = errorOf(props);
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label al-label" for={props.id}>
        {props.label}
      </label>
      {props.hint && (
        <div class="nhsuk-hint" id={`${props.id}-hint`}>
          {props.hint}
        </div>
      )}
      {error && <FieldErrorMessage id={`${props.id}-error`}>{error}</FieldErrorMessage>}
      {props.children}
    </div>
  );
}

export function TextField(
  props: FieldProps & {
    value: string;
    type?: "text" | "tel" | "date" | "time" | "password";
    /** Which keys a phone shows first. */
    mode?: "text" | "numeric" | "decimal";
    maxLength?: number;
    onInput: (value: string) => void;
  },
): JSX.Element {
  const error = errorOf(props);
  return (
    <Around {...props}>
      <input
        class={`nhsuk-input al-input${error ? " nhsuk-input--error" : ""}`}
        id={props.id}
        type={props.type ?? "text"}
        inputMode={props.mode}
        maxLength={props.maxLength ?? 200}
        autocomplete="off"
        value={props.value}
        aria-describedby={described(props)}
        aria-invalid={error ? true : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Around>
  );
}

export function TextBox(
  props: FieldProps & { value: string; rows?: number; maxLength?: number; onInput: (value: string) => void },
): JSX.Element {
  const error = errorOf(props);
  return (
    <Around {...props}>
      <textarea
        class={`nhsuk-textarea${error ? " nhsuk-textarea--error" : ""}`}
        id={props.id}
        rows={props.rows ?? 5}
        maxLength={props.maxLength ?? 4000}
        autocomplete="off"
        value={props.value}
        aria-describedby={described(props)}
        aria-invalid={error ? true : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </Around>
  );
}

export function SelectField(
  props: FieldProps & {
    value: string;
    choices: readonly { value: string; words: string }[];
    onInput: (value: string) => void;
  },
): JSX.Element {
  return (
    <Around {...props}>
      <select
        class="nhsuk-select al-input"
        id={props.id}
        value={props.value}
        autocomplete="off"
        aria-describedby={described(props)}
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

/** One row to tap, as wide as the page; it says in words whether it is on. */
export function Switch(props: {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}): JSX.Element {
  return (
    <button
      class="al-switch"
      type="button"
      role="switch"
      aria-checked={props.on}
      onClick={() => props.onChange(!props.on)}
    >
      <span class="al-switch__words">
        <span class="al-switch__label">{props.label}</span>
        {props.hint && <span class="al-choice__hint">{props.hint}</span>}
      </span>
      <span class="al-switch__state">{t(props.on ? "switch.on" : "switch.off")}</span>
    </button>
  );
}
