// What people have written, in the server's order: words of danger first, then who has waited longest.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { sayReceived, type Inbox, type InboxRow } from "../../core/inbox";
import { ageShort, deadline, nhsNumber, whenWords } from "../../core/format";
import { isDisconnected, type View } from "../../core/sync";
import { t } from "../../core/words";
import { useVisible } from "./useVisible";

/** Ids of what stands on the screen are told to the service while somebody can see it. */
export function MessageRows(props: { view: View<Inbox>; now: Date }): JSX.Element {
  const { view, now } = props;
  const isVisible = useVisible();
  const rows = view.body?.threads ?? [];
  const ids = rows.flatMap((row) => row.waiting).join(" ");
  useEffect(() => {
    if (isVisible && ids) void sayReceived(ids.split(" "));
  }, [ids, isVisible]);
  if (!view.body) return <p>{t(view.asked ? "inbox.nothingKept" : "inbox.opening")}</p>;
  if (rows.length === 0) return <p class="al-rows__none">{noneWords(view, now)}</p>;
  const waiting = rows.filter((row) => row.reply_by !== null);
  return (
    <div class="al-rows">
      <Lane title={t("inbox.waiting")} rows={waiting} now={now} none={noneWords(view, now)} />
      <Lane title={t("inbox.answered")} rows={rows.filter((row) => row.reply_by === null)} now={now} />
    </div>
  );
}

/** Good news only while the service answers. */
function noneWords(view: View<Inbox>, now: Date): string {
  if (isDisconnected(view) || view.at === null) return t("rows.noneNow");
  return t("inbox.none", { time: deadline(new Date(view.at), now) });
}

function Lane(props: { title: string; rows: InboxRow[]; now: Date; none?: string }): JSX.Element | null {
  if (props.rows.length === 0 && !props.none) return null;
  return (
    <section class="al-lane">
      <h2 class="al-lane__title">
        {props.title} <span class="al-tab__count">{props.rows.length}</span>
      </h2>
      {props.rows.length === 0 && <p class="al-rows__none">{props.none}</p>}
      <ol class="al-lane__rows">
        {props.rows.map((row) => (
          <MessageRow key={`${row.patient.id} ${row.kind}`} row={row} now={props.now} />
        ))}
      </ol>
    </section>
  );
}

function MessageRow(props: { row: InboxRow; now: Date }): JSX.Element {
  const { row, now } = props;
  const isDanger = row.danger.length > 0;
  return (
    <li class={`al-row${isDanger ? " al-row--urgent" : ""}`} data-thread={`${row.kind} ${row.patient.id}`}>
      <div class="al-row__top">
        {isDanger && <DangerMark words={row.danger} />}
        <Times row={row} now={now} />
        <span class="al-row__owner">{ownerWords(row)}</span>
      </div>
      <a class="al-row__open" href={`/team/thread/${row.patient.id}/${row.kind}`}>
        <span class="al-row__why al-said-words">{row.last.words}</span>
        <span class="al-row__who">
          <span class="al-row__name">{row.patient.display_name}</span> {nhsNumber(row.patient.nhs_number)}.{" "}
          {writerWords(row)}
        </span>
      </a>
    </li>
  );
}

/** Words, shape and colour together; which words they are is said, because the list is never clever. */
export function DangerMark(props: { words: readonly string[] }): JSX.Element {
  return (
    <strong class="al-danger">
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
        <path d="M12 1.5 23.5 22H0.5Z" fill="currentColor" />
        <path d="M12 9v6m0 2.4v.4" stroke="#fff" stroke-width="2.5" stroke-linecap="round" />
      </svg>{" "}
      {t("inbox.danger", { words: props.words.join(", ") })}
    </strong>
  );
}

function Times(props: { row: InboxRow; now: Date }): JSX.Element {
  const { row, now } = props;
  if (row.waiting_since === null || row.reply_by === null) {
    const at = new Date(row.last.received_at);
    return <time dateTime={row.last.received_at}>{whenWords(at, now)}</time>;
  }
  const isOver = row.state === "overdue";
  return (
    <span class="al-row__times">
      <time class="al-row__age" dateTime={row.waiting_since}>
        {ageShort((now.getTime() - Date.parse(row.waiting_since)) / 1000)}
      </time>
      <span class={isOver ? "al-row__by al-row__by--over" : "al-row__by"}>
        {t(isOver ? "inbox.over" : "inbox.by", { time: deadline(new Date(row.reply_by), now) })}
      </span>
      {row.waiting.length > 1 && <span>{t("inbox.more", { n: row.waiting.length })}</span>}
    </span>
  );
}

function ownerWords(row: InboxRow): string {
  if (row.kind === "practice" && !row.may_write) return t("inbox.forPractice", { name: row.practice ?? "" });
  if (row.reply_by === null) {
    if (row.settled?.how === "no-reply-needed") return t("inbox.noReply", { name: row.settled.by });
    return row.settled ? t("inbox.answeredBy", { name: row.settled.by }) : "";
  }
  if (!row.owner) return t("inbox.nobody");
  return row.owner.me ? t("inbox.mine") : t("inbox.owner", { name: row.owner.name });
}

function writerWords(row: InboxRow): string {
  const { by } = row.last;
  if (by.relation === "carer") return t("inbox.byCarer", { name: by.name });
  if (by.relation === "self") return "";
  return by.me ? t("inbox.byMe") : t("inbox.byStaff", { name: by.name });
}
