// How a check-in stands, for the team's pages: its colour in words, its total, and whether somebody was told at once.
import type { JSX } from "preact";
import { deadline } from "../../core/format";
import type { CheckInResult } from "../../core/selfTypes";
import type { CheckIn } from "../../core/teamPlan";
import { t, wordFor } from "../../core/words";
import { Digits } from "../Reading";
import { Level } from "../Level";

const LEVEL_OF = { amber: "soon", red: "urgent" } as const;

/** "12, moderate", and the colour where it asks for somebody; without a total only the colour, never a nought. */
export function Light(props: { result: CheckInResult }): JSX.Element {
  const { level, total, band } = props.result;
  return (
    <p>
      {total !== null && (
        <strong>
          {t("answers.total")} <Digits>{String(total)}</Digits>
          {band ? `, ${band}` : ""}{" "}
        </strong>
      )}
      {level !== "green" && <Level level={LEVEL_OF[level]} words={t(`answers.${level}`)} />}
      {level === "green" && total === null && <Level level="ok" words={t("answers.green")} />}
    </p>
  );
}

/** Set off by one answer, finished or not: an alert of its own that climbs. */
export function Told(props: { one: CheckIn; now: Date }): JSX.Element | null {
  const { safety } = props.one;
  if (!safety) return null;
  const by = safety.answer_by;
  return (
    <div class="al-new">
      <p>
        <Level level={safety.level ?? "urgent"} words={wordFor("level.team", safety.level ?? "urgent") ?? t("answers.red")} shout />{" "}
        {t(props.one.state === "draft" ? "answers.safetyDraft" : "answers.safety")}{" "}
        {by && t("answers.safetyBy", { time: deadline(new Date(by), props.now) })}
      </p>
      {safety.alert && (
        <a class="al-card-link" href={`/team/alert/${safety.alert}`}>
          {t("person.card")}
        </a>
      )}
    </div>
  );
}

export function whoAnswered(by: string): string {
  return by === "self" ? t("answers.bySelf") : t("answers.byCarer", { name: by });
}
