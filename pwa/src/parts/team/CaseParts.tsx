// Small things the pages of people share: a form with its button, a status in words, and where to go from here.
import type { ComponentChildren, JSX } from "preact";
import { isDisconnected, type View } from "../../core/sync";
import { t, wordFor, type WordKey } from "../../core/words";
import { ErrorSummary, type FieldError } from "../ErrorSummary";

/** One question a page: errors on top, what is asked, and one button that says what it does. */
export function AskForm(props: {
  errors: FieldError[];
  busy: boolean;
  words: string;
  danger?: boolean;
  quiet?: boolean;
  children: ComponentChildren;
  beside?: ComponentChildren;
  onSubmit: () => void;
}): JSX.Element {
  return (
    <form
      class="al-form al-ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!props.busy) props.onSubmit();
      }}
    >
      <ErrorSummary errors={props.errors} />
      {props.children}
      <div class="al-ask__end">
        <button
          class={`al-button${props.danger ? " al-button--danger" : props.quiet ? " al-button--quiet" : ""}`}
          type="submit"
          aria-disabled={props.busy}
        >
          {props.busy ? t("kitAct.busy") : props.words}
        </button>
        {props.beside}
      </div>
    </form>
  );
}

/** While there is nothing to show: it is being opened, it is refused, or nothing of it was kept on this device. */
export function NotThere(props: { view: View<unknown>; refused: WordKey }): JSX.Element {
  const { view } = props;
  const isRefused = view.trouble !== null && !isDisconnected(view);
  return <p>{t(isRefused ? props.refused : view.asked ? "kitList.nothingKept" : "cases.opening")}</p>;
}

export function caseStatusWords(status: string): string {
  return wordFor("caseStatus", status) ?? status;
}

/** The status as a word; only "live" looks like it, because only live is watched. */
export function CaseStatus(props: { status: string; died: boolean }): JSX.Element {
  const status = props.died ? "died" : props.status;
  return <span class={`al-state al-state--${status === "live" ? "live" : "case"}`}>{caseStatusWords(status)}</span>;
}

export interface Said {
  name: string;
  words: string;
}

/** What was said, question by question. */
export function SaidList(props: { rows: readonly Said[] }): JSX.Element {
  return (
    <dl class="nhsuk-summary-list">
      {props.rows.map((row) => (
        <div key={row.name} class="nhsuk-summary-list__row">
          <dt class="nhsuk-summary-list__key">{row.name}</dt>
          <dd class="nhsuk-summary-list__value">{row.words}</dd>
        </div>
      ))}
    </dl>
  );
}
