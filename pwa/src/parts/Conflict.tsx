// Two versions of one text, both in words, and three ways to go on: nothing is merged, and nothing is lost unseen.
import type { ComponentChildren, JSX } from "preact";
import { t } from "../core/words";

export interface ConflictProps {
  /** Who changed it and when: "Your carer Sam changed this on 21 November at 5:30pm." */
  who: string;
  mine: ComponentChildren;
  theirs: ComponentChildren;
  /** What keeping mine means here, such as that it becomes a wish that the team must agree to. */
  note?: string;
  onKeepMine: () => void;
  onKeepTheirs: () => void;
  /** Null where two cannot stand together. */
  onKeepBoth: (() => void) | null;
  busy?: boolean;
}

export function Conflict(props: ConflictProps): JSX.Element {
  const { busy = false } = props;
  return (
    <>
      <p>{props.who}</p>
      <Version title={t("conflict.mine")}>{props.mine}</Version>
      <Version title={t("conflict.theirs")}>{props.theirs}</Version>
      {props.note && <p>{props.note}</p>}
      <h2 class="al-section">{t("conflict.what")}</h2>
      <div class="al-stack">
        <Choice words={t("conflict.keepMine")} busy={busy} onClick={props.onKeepMine} />
        <Choice words={t("conflict.keepTheirs")} busy={busy} onClick={props.onKeepTheirs} />
        {props.onKeepBoth && <Choice words={t("conflict.keepBoth")} busy={busy} onClick={props.onKeepBoth} />}
      </div>
    </>
  );
}

function Version(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="al-card">
      <h2 class="al-card__title">{props.title}</h2>
      <div class="al-card__words">{props.children}</div>
    </section>
  );
}

function Choice(props: { words: string; busy: boolean; onClick: () => void }): JSX.Element {
  return (
    <button
      class="al-button al-button--quiet al-button--wide"
      type="button"
      aria-disabled={props.busy}
      onClick={() => !props.busy && props.onClick()}
    >
      {props.words}
    </button>
  );
}
