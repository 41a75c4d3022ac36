// What is done to a card from a list or a card, and what to say when somebody else was faster.
import { useRef, useState } from "preact/hooks";
import { serverNow } from "../../core/clock";
import { act, type DeskAnswer, type Verb } from "../../core/desk";
import type { Row } from "../../core/deskTypes";
import { t } from "../../core/words";
import { newerRow } from "../../core/worklist";
import { standsWords } from "./rowWords";

export interface Notice {
  /** The card it is about. */
  id: string;
  words: string;
  isProblem: boolean;
}

/** What was sent: true words for the notice once it is done. */
export type Said = string | ((row: Row) => string);

export interface Actions {
  notice: Notice | null;
  /** The card that is being sent to the server now. */
  busy: string | null;
  /** The row as the last answer said, when that is newer than the list. */
  newest: (row: Row) => Row;
  /** The last card something was done to, for the bar that undoes it. */
  last: Row | null;
  /** Null when it was not done; the notice then says why. */
  run: <T = Row>(row: Row, verb: Verb, body: object, done: Said) => Promise<T | null>;
  claim: (row: Row) => void;
  undo: (row: Row) => void;
}

function rowOf(body: unknown): Row {
  const said = body as Row | { row: Row };
  return "row" in said ? said.row : said;
}

function sayStale(row: Row | null, code: string): string {
  if (!row) return t("act.changed");
  const now = serverNow();
  const who = row.owner && !row.owner.me ? row.owner.name : null;
  const first =
    row.state === "closed"
      ? t("act.closedAlready")
      : who && code !== "changed-meanwhile"
        ? t("act.taken", { name: who })
        : who
          ? t("act.changedBy", { name: who })
          : t(row.new_findings > 0 ? "act.joined" : "act.changed");
  return `${first} ${t("act.standsNow", { words: standsWords(row, now) })}`;
}

function say<T>(answer: DeskAnswer<T>, done: Said): { words: string; isProblem: boolean } {
  if (answer.kind === "done")
    return { words: typeof done === "string" ? done : done(rowOf(answer.body)), isProblem: false };
  if (answer.kind === "stale") return { words: sayStale(answer.row, answer.code), isProblem: true };
  const { problem } = answer.error;
  const fields = Object.values(problem?.errors ?? {}).flat().join(" ");
  return {
    words: answer.error.isOutage ? t("act.notSent") : fields || problem?.detail || t("act.refused"),
    isProblem: true,
  };
}

export function useActions(): Actions {
  const [notice, setNotice] = useState<Notice | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [last, setLast] = useState<Row | null>(null);
  const answers = useRef(new Map<string, Row>());
  // One key for one intention: a second tap after a lost answer replays the first, never acts twice.
  const keys = useRef(new Map<string, string>());
  const keyFor = (intention: string): string => {
    const key = keys.current.get(intention) ?? crypto.randomUUID();
    keys.current.set(intention, key);
    return key;
  };
  const newest = (row: Row): Row => newerRow(row, answers.current.get(row.id));
  const keep = (row: Row | null): void => {
    if (row) answers.current.set(row.id, row);
  };
  const run = async <T = Row>(shown: Row, verb: Verb, body: object, done: Said): Promise<T | null> => {
    if (busy) return null;
    const row = newest(shown);
    setBusy(row.id);
    const key = keyFor(`${verb} ${row.id} ${String(row.version)} ${JSON.stringify(body)}`);
    const answer = await act<T>(row, verb, body, key);
    if (answer.kind === "done") {
      keep(rowOf(answer.body));
      setLast(rowOf(answer.body));
    } else if (answer.kind === "stale") keep(answer.row);
    setNotice({ id: row.id, ...say(answer, done) });
    setBusy(null);
    return answer.kind === "done" ? answer.body : null;
  };
  return {
    notice,
    busy,
    newest,
    last,
    run,
    claim: (row) => void run(row, "claim", {}, t("act.claimed")),
    undo: (row) => void run(row, "undo", {}, t("undo.done")),
  };
}
