// The thirty seconds in which one's own claim, close or snooze can be taken back, counted in words.
import type { JSX } from "preact";
import type { Row } from "../../core/deskTypes";
import { t } from "../../core/words";
import type { Actions } from "./useActions";
import { useSeconds } from "./useOften";
import { nameWords } from "./rowWords";

export function UndoBar(props: { actions: Actions; rows?: readonly Row[] }): JSX.Element {
  const { actions } = props;
  const { last } = actions;
  // The list may know it better: what happened since ends the undo.
  const listed = last && props.rows?.find((row) => row.id === last.id && row.version >= last.version);
  const row = listed ?? last;
  return <div role="status">{row?.undo && <Bar key={row.version} row={row} actions={actions} />}</div>;
}

function Bar(props: { row: Row; actions: Actions }): JSX.Element | null {
  const { row, actions } = props;
  const now = useSeconds();
  if (!row.undo) return null;
  const left = Math.ceil((Date.parse(row.undo.until) - now.getTime()) / 1000);
  if (left <= 0) return null;
  return (
    <div class="al-undo">
      <span>
        {nameWords(row)}: {t(`undo.${row.undo.what}`)}{" "}
        <span aria-hidden="true">{t("undo.seconds", { n: left })}</span>
      </span>
      <button
        class="al-button al-button--quiet"
        type="button"
        aria-disabled={actions.busy !== null}
        onClick={() => actions.undo(row)}
      >
        {t("undo.do")}
      </button>
    </div>
  );
}
