// A row of the worklist as one sentence a nurse would say aloud.
import { deadline, nhsNumber } from "../../core/format";
import type { NextAction, Row, RowPatient } from "../../core/deskTypes";
import { t, wordFor } from "../../core/words";
import type { LevelName } from "../Level";

export function rowLevel(row: Pick<Row, "rule" | "level">): LevelName {
  const isMild = row.level !== "emergency" && row.level !== "urgent";
  return isMild && row.rule.includes("silent") ? "no-data" : row.level;
}

/** "Woman, 78, lives alone, key safe KS-12": what decides how fast somebody has to go. */
export function whoWords(patient: RowPatient): string {
  const facts = [`${t(`gender.${patient.gender}`)}, ${String(patient.age)}`];
  if (patient.lives_alone !== false) facts.push(t(patient.lives_alone ? "row.alone" : "row.aloneUnknown"));
  if (patient.key_safe_reference) facts.push(t("row.keySafe", { reference: patient.key_safe_reference }));
  if (patient.interpreter) facts.push(t("row.interpreter", { language: languageWords(patient.language) }));
  if (patient.hearing) facts.push(t("row.hearing", { words: patient.hearing }));
  return facts.join(" · ");
}

const LANGUAGES = new Intl.DisplayNames("en-GB", { type: "language" });

/** "Punjabi" for "pa"; a code this browser does not know stays as it is. */
export function languageWords(code: string | null | undefined): string {
  if (!code) return t("fact.notKnown");
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

export function nameWords(row: Pick<Row, "patient">): string {
  return row.patient?.display_name ?? t("row.unassigned");
}

export function nhsWords(patient: RowPatient): string {
  return t("row.nhs", { number: nhsNumber(patient.nhs_number) });
}

export function outcomeWords(outcome: string): string {
  return wordFor("outcome", outcome) ?? outcome;
}

/** "Call a key-holder by 5:42pm", or that its time is over. */
export function nextWords(next: NextAction, now: Date): string {
  if (!next.by) return next.words;
  const by = new Date(next.by);
  const isOver = by.getTime() < now.getTime();
  return t(isOver ? "next.over" : "next.by", { words: next.words, time: deadline(by, now) });
}

export function isOverdue(next: NextAction | null, now: Date): boolean {
  return next?.by != null && Date.parse(next.by) < now.getTime();
}

export function ownerWords(row: Row, now: Date): string {
  if (row.state === "closed") return t("row.closed");
  if (!row.owner) return t("row.nobody");
  const since = row.claimed_at ? ` ${t("row.since", { time: deadline(new Date(row.claimed_at), now) })}` : "";
  return (row.owner.me ? t("row.mine") : t("row.has", { name: row.owner.name })) + since;
}

/** How a card stands, after somebody else was faster: "Urgent. Ann has this since 5:31pm. Next: ..." */
export function standsWords(row: Row, now: Date): string {
  const outcome = row.state === "closed" && row.outcome ? ` ${outcomeWords(row.outcome)}.` : "";
  const next = row.next_action ? ` ${t("next.next", { words: nextWords(row.next_action, now) })}` : "";
  return `${t(`level.${row.level}`)}. ${ownerWords(row, now)}.${outcome}${next}`;
}

/** "Oxygen from 88 to 92". */
export function rangeOf(range: { low: string | null; high: string | null }): string {
  const { low, high } = range;
  if (low !== null && high !== null) return t("range.between", { low, high });
  if (high !== null) return t("range.under", { high });
  return low === null ? t("limits.noNumber") : t("range.over", { low });
}

/** What else stands on the card beside its sentence, each a short mark. */
export function markWords(row: Row, now: Date): string[] {
  const at = (time: string): string => deadline(new Date(time), now);
  const { handover } = row;
  const marks = [
    row.call_999 && t("mark.call999"),
    row.new_findings > 0 && t("mark.new", { n: row.new_findings }),
    row.no_cover && t("mark.noCover"),
    row.cancelled_at && t("mark.cancelled"),
    row.contacted_at && t("mark.contacted", { time: at(row.contacted_at) }),
    row.snooze && t("mark.snoozed", { time: at(row.snooze.until) }),
    row.recheck && t("mark.recheck", { time: at(row.recheck.by) }),
    handover && handedWords(handover, at(handover.due_at)),
    row.undelivered && t("mark.undelivered"),
  ];
  return marks.filter((mark) => typeof mark === "string");
}

function handedWords(handover: NonNullable<Row["handover"]>, time: string): string {
  if (handover.to_me) return t("mark.handedToYou", { from: handover.from, time });
  return t("mark.handed", { to: handover.to, time });
}
