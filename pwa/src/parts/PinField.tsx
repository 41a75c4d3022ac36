// A PIN of six digits or more: it can be pasted, and it can be shown, so that nobody has to type blind.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../core/words";
import { FieldErrorMessage } from "./ErrorSummary";

function aboutOf(id: string, hint: string | undefined, error: string | null): string | undefined {
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return about || undefined;
}

export function PinField(props: {
  id: string;
  label: string;
  hint?: string;
  error: string | null;
  value: string;
  onInput: (value: string) => void;
}): JSX.Element {
  const { id, error } = props;
  const [shown, setShown] = useState(false);
  const input = (
    <input
      class={`nhsuk-input al-input al-input--code${error ? " nhsuk-input--error" : ""}`}
      id={id}
      type={shown ? "text" : "password"}
      inputMode="numeric"
      autocomplete="off"
      aria-describedby={aboutOf(id, props.hint, error)}
      value={props.value}
      onInput={(event) => props.onInput(event.currentTarget.value.replace(/\s/g, ""))}
    />
  );
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label" for={id}>
        {props.label}
      </label>
      {props.hint && (
        <div class="nhsuk-hint" id={`${id}-hint`}>
          {props.hint}
        </div>
      )}
      {error && <FieldErrorMessage id={`${id}-error`}>{error}</FieldErrorMessage>}
      <div class="al-password">
        {input}
        <button
          class="al-button al-button--quiet al-password__show"
          type="button"
          aria-controls={id}
          aria-label={t(shown ? "pin.hideLong" : "pin.showLong")}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? "signIn.hide" : "signIn.show")}
        </button>
      </div>
    </div>
  );
}
