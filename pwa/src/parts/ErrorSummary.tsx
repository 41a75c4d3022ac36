// What went wrong, at the top and with the focus on it, and the same words again at the field.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../core/words";

export interface FieldError {
  /** The id of the field, or null when the error belongs to the page. */
  field: string | null;
  words: string;
}

export function ErrorSummary(props: { errors: readonly FieldError[] }): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (props.errors.length > 0) box.current?.focus();
  }, [props.errors]);
  if (props.errors.length === 0) return null;
  return (
    <div
      class="nhsuk-error-summary"
      ref={box}
      role="alert"
      tabIndex={-1}
      aria-labelledby="error-summary-title"
    >
      <h2 class="nhsuk-error-summary__title" id="error-summary-title">
        {t("error.title")}
      </h2>
      <div class="nhsuk-error-summary__body">
        <ul class="nhsuk-list nhsuk-error-summary__list">
          {props.errors.map(({ field, words }) => (
            <li key={words}>
              {field ? <ErrorLink field={field} words={words} /> : <span class="al-error">{words}</span>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function ErrorLink(props: { field: string; words: string }): JSX.Element {
  const jump = (event: Event): void => {
    event.preventDefault();
    document.getElementById(props.field)?.focus();
  };
  return (
    <a href={`#${props.field}`} onClick={jump}>
      {props.words}
    </a>
  );
}

export function FieldErrorMessage(props: { id: string; children: ComponentChildren }): JSX.Element {
  return (
    <span class="nhsuk-error-message" id={props.id}>
      <span class="nhsuk-u-visually-hidden">{t("error.prefix")} </span>
      {props.children}
    </span>
  );
}
