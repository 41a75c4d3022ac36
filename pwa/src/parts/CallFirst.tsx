// Whom to ring after a red reading or answer: where somebody answers now, and the person's own line before 999.
import type { JSX } from "preact";
import { serverNow } from "../core/clock";
import { watching } from "../core/watchingNow";
import { t } from "../core/words";
import type { HomeTeam } from "../core/types";
import { Dial } from "./Dial";

export interface CallFirstProps {
  level: "urgent" | "emergency";
  /** Null while this phone does not know whose patient somebody is. */
  team: HomeTeam | null;
  /** The 24-hour line of a signed end-of-life plan. */
  line: { name: string; phone: string } | null;
  /** When the service last said who watches, ms; null when that was before this page. */
  at?: number | null;
}

export function CallFirst(props: CallFirstProps): JSX.Element {
  const other = otherWords(props);
  return (
    <>
      <FirstDial {...props} />
      {other && <p class="al-advice__other">{other}</p>}
    </>
  );
}

/** The one button rings where somebody answers now: a closed team's telephone does not. */
function FirstDial(props: CallFirstProps): JSX.Element {
  const { team, line } = props;
  // A signed end-of-life plan: its line answers day and night, in place of 999.
  if (line) return <Dial number={line.phone} words={t("advice.call", { team: line.name })} />;
  if (props.level === "emergency") return <Dial number="999" words={t("help.999.call")} />;
  const isThere = watching(team, props.at ?? null, serverNow());
  if (team && isThere === "yes") return <Dial number={team.phone} words={t("advice.call", { team: team.name })} />;
  // 111 answers day and night; whether the team does, a phone without a network cannot know.
  return (
    <>
      <Dial number="111" words={t("help.111.call")} />
      {team?.phone && isThere === "unknown" && (
        <Dial number={team.phone} words={t("advice.callHours", { team: team.name, hours: team.hours })} quiet />
      )}
    </>
  );
}

function otherWords(props: CallFirstProps): string {
  const phone = props.team?.phone;
  if (props.line) return phone ? t("advice.orTeamToo", { phone }) : "";
  if (props.level === "emergency") return phone ? t("advice.orTeam", { phone }) : "";
  return t("advice.worse");
}
