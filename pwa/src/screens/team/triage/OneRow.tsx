// One row of the worklist: level, age, what to do by when, who has it, and one sentence a nurse would say aloud.
import type { JSX } from "preact";
import type { Row } from "../../../core/deskTypes";
import { ageShort, deadline } from "../../../core/format";
import { t } from "../../../core/words";
import { Level } from "../../../parts/Level";
import { ClaimButton, NoticeLine } from "../../../parts/team/AlertActions";
import {
  isOverdue,
  markWords,
  nameWords,
  nextWords,
  ownerWords,
  rowLevel,
  whoWords,
} from "../../../parts/team/rowWords";
import type { ListProps } from "./List";

export function OneRow(props: ListProps & { row: Row }): JSX.Element {
  const { row, now, actions } = props;
  const isChosen = props.chosen === row.id;
  const isGone = props.gone.has(row.id);
  const canClaim = row.state === "open" && !isGone && !row.handover?.to_me;
  const states = `al-row--${row.level}${isChosen ? " al-row--chosen" : ""}${isGone ? " al-row--gone" : ""}`;
  return (
    <li class={`al-row ${states}`} data-alert={row.id}>
      <div class="al-row__top">
        <Level level={rowLevel(row)} shout />
        <RowTimes row={row} now={now} />
        {(!canClaim || row.owner) && (
          <span class="al-row__owner">{isGone ? t("row.closed") : ownerWords(row, now)}</span>
        )}
      </div>
      <RowOpen {...props} isChosen={isChosen} />
      {canClaim && <ClaimButton row={row} actions={actions} />}
      <NoticeLine id={row.id} actions={actions} />
    </li>
  );
}

function RowOpen(props: ListProps & { row: Row; isChosen: boolean }): JSX.Element {
  const { row, now } = props;
  const marks = markWords(row, now);
  const also = row.also.length > 0 ? ` ${t("card.also")} ${row.also.join(", ")}.` : "";
  return (
    <button
      class="al-row__open"
      type="button"
      id={`row-${row.id}`}
      aria-current={props.isChosen ? "true" : undefined}
      onClick={() => props.onOpen(row)}
    >
      <span class="al-row__why">{row.reason}</span>
      <span class="al-row__who">
        <span class="al-row__name">{nameWords(row)}</span>{" "}
        {row.patient ? whoWords(row.patient) : row.unassigned?.words}
        {also}
      </span>
      {marks.length > 0 && (
        <span class="al-marks">
          {marks.map((mark) => (
            <span key={mark} class="al-mark">
              {mark}
            </span>
          ))}
        </span>
      )}
      {row.next_action && row.state === "claimed" && (
        <span class={`al-row__next${isOverdue(row.next_action, now) ? " al-row__by--over" : ""}`}>
          {t("next.next", { words: nextWords(row.next_action, now) })}
        </span>
      )}
    </button>
  );
}

/** Age counts from when the team could know; a late reading says when it was true as well. */
function RowTimes(props: { row: Row; now: Date }): JSX.Element {
  const { row, now } = props;
  const seconds = (now.getTime() - Date.parse(row.opened_at)) / 1000;
  return (
    <span class="al-row__times">
      <time class="al-row__age" dateTime={row.opened_at}>
        {ageShort(seconds)}
      </time>
      {row.state === "open" && !row.contacted_at && <By row={row} now={now} />}
      {row.late && (
        <span class="al-row__late">{t("row.late", { time: deadline(new Date(row.true_at), now) })}</span>
      )}
    </span>
  );
}

/** What is over comes first: a claim that is late, else the time by which somebody has to speak to the person. */
function By(props: { row: Row; now: Date }): JSX.Element | null {
  const { row, now } = props;
  const isOver = (at: string | null): boolean => at !== null && Date.parse(at) < now.getTime();
  const isLate = isOver(row.acknowledge_by) && !isOver(row.contact_by);
  const at = isLate ? row.acknowledge_by : row.contact_by;
  if (!at) return null;
  const words = isLate ? "row.claimOver" : isOver(at) ? "row.overdue" : "row.by";
  return (
    <span class={isOver(at) ? "al-row__by al-row__by--over" : "al-row__by"}>
      {t(words, { time: deadline(new Date(at), now) })}
    </span>
  );
}
