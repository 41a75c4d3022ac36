// Claiming and closing from a list or a card, and what to say when somebody else was faster.
import { useRef, useState } from "preact/hooks";
import { claim, close, sendOff, type DeskAnswer } from "../../core/desk";
import { t } from "../../core/words";
import type { Outcome, Responder, Row } from "../../core/types";

export interface Notice {
  /** The alert it is about. */
  id: string;
  words: string;
  isProblem: boolean;
}

export interface Actions {
  notice: Notice | null;
  /** The alert that is being sent to the server now. */
  busy: string | null;
  claim: (row: Row) => void;
  close: (row: Row, outcome: Outcome, note: string | null) => void;
  /** True once it is written down. */
  sendOff: (row: Row, responder: Responder) => Promise<boolean>;
}

function sayStale(row: Row | null): string {
  if (row?.state === "closed") return t("act.closedAlready");
  if (!row?.owner) return t("act.changed");
  return row.owner.me ? t("act.mineAlready") : t("act.taken", { name: row.owner.name });
}

function say(answer: DeskAnswer, done: string): { words: string; isProblem: boolean } {
  if (answer.kind === "done") return { words: done, isProblem: false };
  if (answer.kind === "stale") return { words: sayStale(answer.row), isProblem: true };
  return {
    words: answer.error.isOutage ? t("act.notSent") : (answer.error.problem?.detail ?? t("act.refused")),
    isProblem: true,
  };
}

export function useActions(): Actions {
  const [notice, setNotice] = useState<Notice | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  // One key for one intention: a second tap after a lost answer replays the first, never acts twice.
  const keys = useRef(new Map<string, string>());
  const keyFor = (intention: string): string => {
    const key = keys.current.get(intention) ?? crypto.randomUUID();
    keys.current.set(intention, key);
    return key;
  };
  const run = async (row: Row, send: () => Promise<DeskAnswer>, done: string): Promise<boolean> => {
    if (busy) return false;
    setBusy(row.id);
    const answer = await send();
    setNotice({ id: row.id, ...say(answer, done) });
    setBusy(null);
    return answer.kind === "done";
  };
  return {
    notice,
    busy,
    claim: (row) =>
      void run(row, () => claim(row, keyFor(`claim ${row.id} ${String(row.version)}`)), t("act.claimed")),
    close: (row, outcome, note) =>
      void run(
        row,
        () =>
          close(
            row,
            outcome,
            note,
            keyFor(`close ${row.id} ${String(row.version)} ${outcome} ${note ?? ""}`),
          ),
        t("act.closed"),
      ),
    sendOff: (row, responder) =>
      run(
        row,
        () =>
          sendOff(
            row,
            responder,
            keyFor(`send ${row.id} ${String(row.version)} ${JSON.stringify(responder)}`),
          ),
        t(responder.set_off ? "act.sentOff" : "act.notComing"),
      ),
  };
}
