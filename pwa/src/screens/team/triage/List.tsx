// The worklist's rows: level, age, deadline, one sentence, and who has it.
import type { JSX } from "preact";
import { ageShort, clockTime, deadline } from "../../../core/format";
import { t } from "../../../core/words";
import type { Row } from "../../../core/types";
import { Level } from "../../../parts/Level";
import { ClaimButton, NoticeLine } from "../../../parts/team/AlertActions";
import { nameWords, rowLevel, whoWords } from "../../../parts/team/rowWords";
import type { Actions } from "../../../parts/team/useActions";

export interface ListProps {
  rows: Row[];
  gone: ReadonlySet<string>;
  now: Date;
  at: number | null;
  chosen: string | null;
  onOpen: (row: Row) => void;
  actions: Actions;
}

export function List(props: ListProps): JSX.Element {
  const { rows, at } = props;
  if (rows.length === 0) {
    return (
      <p class="al-rows__none">
        {at === null ? t("rows.none") : t("rows.noneAt", { time: clockTime(new Date(at)) })}
      </p>
    );
  }
  return (
    <ol class="al-rows">
      {rows.map((row) => (
        <OneRow key={row.id} {...props} row={row} />
      ))}
    </ol>
  );
}

function OneRow(props: ListProps & { row: Row }): JSX.Element {
  const { row, now, actions } = props;
  const isChosen = props.chosen === row.id;
  const isGone = props.gone.has(row.id);
  const canClaim = row.state === "open" && !isGone;
  const states = `al-row--${row.level}${isChosen ? " al-row--chosen" : ""}${isGone ? " al-row--gone" : ""}`;
  return (
    <li class={`al-row ${states}`} data-alert={row.id}>
      <div class="al-row__top">
        <Level level={rowLevel(row)} shout />
        <RowTimes row={row} now={now} />
        {!canClaim && <Owner row={row} now={now} gone={isGone} />}
      </div>
      <button
        class="al-row__open"
        type="button"
        id={`row-${row.id}`}
        aria-current={isChosen ? "true" : undefined}
        onClick={() => props.onOpen(row)}
      >
        <span class="al-row__why">{row.reason}</span>
        <span class="al-row__who">
          <span class="al-row__name">{nameWords(row)}</span>{" "}
          {row.patient ? whoWords(row.patient) : row.unassigned?.words}
        </span>
      </button>
      {canClaim && <ClaimButton row={row} actions={actions} />}
      <NoticeLine id={row.id} actions={actions} />
    </li>
  );
}

/** Age counts from when the team could know; a late reading says when it was true as well. */
function RowTimes(props: { row: Row; now: Date }): JSX.Element {
  const { row, now } = props;
  const seconds = (now.getTime() - Date.parse(row.opened_at)) / 1000;
  const by = row.contact_by ? new Date(row.contact_by) : null;
  const overdue = by !== null && by.getTime() < now.getTime();
  return (
    <span class="al-row__times">
      <time class="al-row__age" dateTime={row.opened_at}>
        {ageShort(seconds)}
      </time>
      {by && (
        <span class={overdue ? "al-row__by al-row__by--over" : "al-row__by"}>
          {t(overdue ? "row.overdue" : "row.by", { time: deadline(by, now) })}
        </span>
      )}
      {row.late && (
        <span class="al-row__late">{t("row.late", { time: deadline(new Date(row.true_at), now) })}</span>
      )}
    </span>
  );
}

function Owner(props: { row: Row; now: Date; gone?: boolean }): JSX.Element {
  const { row, now } = props;
  if (props.gone || row.state === "closed") return <span class="al-row__owner">{t("row.closed")}</span>;
  if (!row.owner) return <span class="al-row__owner">{t("row.nobody")}</span>;
  const since = row.claimed_at ? ` ${t("row.since", { time: deadline(new Date(row.claimed_at), now) })}` : "";
  return (
    <span class="al-row__owner">
      {(row.owner.me ? t("row.mine") : t("row.has", { name: row.owner.name })) + since}
    </span>
  );
}
