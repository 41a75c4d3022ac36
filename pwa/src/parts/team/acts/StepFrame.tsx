// The frame of a short form on a card: its question has the focus, and Back leads to the buttons again.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Row } from "../../../core/deskTypes";
import { t } from "../../../core/words";
import type { Actions } from "../useActions";

export interface StepProps {
  row: Row;
  now: Date;
  actions: Actions;
  onBack: () => void;
}

export function StepFrame(props: {
  title: string;
  hint?: string | undefined;
  error?: string | null;
  onBack: () => void;
  onSubmit?: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [props.title]);
  return (
    <form
      class="al-close"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit?.();
      }}
    >
      <h3 class="al-close__legend" ref={title} tabIndex={-1}>
        {props.title}
      </h3>
      {props.hint && <p class="al-quiet">{props.hint}</p>}
      <div role="alert">{props.error && <p class="al-error">{props.error}</p>}</div>
      {props.children}
      <button class="al-link-button" type="button" onClick={props.onBack}>
        {t("close.back")}
      </button>
    </form>
  );
}

export function SendButton(props: { words: string; busy: boolean; quiet?: boolean }): JSX.Element {
  return (
    <button
      class={`al-button${props.quiet ? " al-button--quiet" : ""}`}
      type="submit"
      aria-disabled={props.busy}
    >
      {props.words}
    </button>
  );
}

export function WordsArea(props: {
  id: string;
  label: string;
  value: string;
  rows?: number;
  onInput: (value: string) => void;
}): JSX.Element {
  return (
    <>
      <label class="nhsuk-label" for={props.id}>
        {props.label}
      </label>
      <textarea
        class="nhsuk-textarea"
        id={props.id}
        rows={props.rows ?? 2}
        maxLength={2000}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </>
  );
}
