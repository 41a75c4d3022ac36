// Small things that every page of kit shows: its state, what is wrong with it, a fact, and what came of a tap.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { t, wordFor } from "../../core/words";
import { useSession } from "../hooks";
import { flagWords, stateWords } from "./kitWords";
import type { KitActions } from "./useKitActions";

export function StateTag(props: { state: string }): JSX.Element {
  return <span class={`al-state al-state--${props.state}`}>{stateWords(props.state)}</span>;
}

/** What is wrong, as a mark and words; `explain` says what to do about it as well. */
export function Flags(props: { flags: string[]; explain?: boolean }): JSX.Element | null {
  if (props.flags.length === 0) return null;
  return (
    <ul class={`al-flags${props.explain ? " al-flags--explain" : ""}`}>
      {props.flags.map((flag) => (
        <li key={flag} class="al-flags__one" data-flag={flag}>
          <span class="al-flags__words">
            <FlagMark /> {flagWords(flag)}
          </span>
          {props.explain && <span class="al-flags__do">{wordFor("kitFlagDo", flag) ?? ""}</span>}
        </li>
      ))}
    </ul>
  );
}

function FlagMark(): JSX.Element {
  return (
    <svg class="al-flags__mark" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path d="M12 1.5 23.5 22H0.5Z" fill="currentColor" />
      <path d="M12 9v6m0 2.4v.4" stroke="#fff" stroke-width="2.5" stroke-linecap="round" />
    </svg>
  );
}

export function Fact(props: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="al-facts__row">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

export function Section(props: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="al-kit-section" aria-labelledby={`${props.id}-title`} id={props.id}>
      <h2 class="al-section" id={`${props.id}-title`}>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}

/** Words that open on request; what is inside is only there while it is open, so that no key can land on it. */
export function Disclosure(props: { summary: string; children: ComponentChildren }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details
      class="nhsuk-details al-kit-details"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary class="nhsuk-details__summary">
        <span class="nhsuk-details__summary-text">{props.summary}</span>
      </summary>
      {open && <div class="nhsuk-details__text">{props.children}</div>}
    </details>
  );
}

/** What came of the last change in this part of the page, said aloud by screen readers. */
export function KitNoticeLine(props: { place: string; actions: KitActions }): JSX.Element {
  const { notice } = props.actions;
  return (
    <div role="status">
      {notice?.place === props.place && (
        <p class={`al-notice${notice.isProblem ? " al-notice--problem" : ""}`}>{notice.words}</p>
      )}
    </div>
  );
}

export function ActButton(props: {
  words: string;
  busy: boolean;
  quiet?: boolean;
  danger?: boolean;
  label?: string;
  onClick: () => void;
}): JSX.Element {
  const look = props.danger ? " al-button--danger" : props.quiet ? " al-button--quiet" : "";
  return (
    <button
      class={`al-button${look}`}
      type="button"
      aria-disabled={props.busy}
      aria-label={props.label}
      onClick={() => {
        if (!props.busy) props.onClick();
      }}
    >
      {props.busy ? t("kitAct.busy") : props.words}
    </button>
  );
}

/** An installer puts kit in and proves it; the person's record stays shut for them. */
export function useIsInstaller(): boolean {
  const session = useSession();
  return session.kind === "in" && session.session.role === "installer";
}
