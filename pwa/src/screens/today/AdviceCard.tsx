// After a red reading the first card says what the person's own plan says to do, who knows, and whom to call.
import type { JSX } from "preact";
import { exactly } from "../../core/format";
import { t } from "../../core/words";
import { whoWasTold, worstAlert, type Told } from "../../core/told";
import type { Home } from "../../core/types";
import { Level } from "../../parts/Level";
import { Dial } from "../help/screen";

export interface AdviceProps {
  home: Home;
  advice: NonNullable<Home["advice"]>;
  now: Date;
  connected: boolean;
  at: number | null;
}

export function AdviceCard(props: AdviceProps): JSX.Element {
  const { home, advice } = props;
  const alert = worstAlert(home);
  const emergency = advice.level === "emergency";
  return (
    <section class={`al-advice al-advice--${advice.level}`} aria-labelledby="advice-title">
      <p class="al-advice__level" role="alert">
        <Level level={advice.level} words={t(emergency ? "advice.emergency" : "advice.urgent")} shout />
      </p>
      <h2 class="al-advice__title" id="advice-title">
        {alert?.title ?? t("advice.title")}
      </h2>
      <p class="al-advice__plan">{t("advice.plan")}</p>
      <ul class="al-advice__steps">
        {advice.words.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <ToldLine {...props} />
      <WhomToCall home={home} emergency={emergency} line={advice.line ?? null} />
      <p class="al-advice__other">{other(props, emergency)}</p>
    </section>
  );
}

function other(props: AdviceProps, emergency: boolean): string {
  const { phone } = props.home.team;
  if (props.advice.line) return t("advice.orTeamToo", { phone });
  return emergency ? t("advice.orTeam", { phone }) : t("advice.worse");
}

interface WhomProps {
  home: Home;
  emergency: boolean;
  line: { name: string; phone: string } | null;
}

/** The one button rings where somebody answers now: a closed team's telephone does not. */
function WhomToCall(props: WhomProps): JSX.Element {
  const { team } = props.home;
  // A signed end-of-life plan: its line answers day and night, in place of 999.
  if (props.line) return <Dial number={props.line.phone} words={t("advice.call", { team: props.line.name })} />;
  if (props.emergency) return <Dial number="999" words={t("help.999.call")} />;
  if (!team.watching_now) return <Dial number="111" words={t("help.111.call")} />;
  return <Dial number={team.phone} words={t("advice.call", { team: team.name })} />;
}

function ToldLine(props: AdviceProps): JSX.Element {
  const { home, now, connected } = props;
  const told = whoWasTold(home, connected);
  const loud = told === "nobody" || told === "unknown";
  return (
    <p class={`al-advice__told${loud ? " al-advice__told--nobody" : ""}`}>
      <strong>{toldWords(told, props)}</strong>
      {told !== "unknown" && !connected && ` ${t("told.off")}`}
      {connected && !home.team.watching_now && ` ${nextWatch(home, now)}`}
    </p>
  );
}

function toldWords(told: Told, props: AdviceProps): string {
  const { home, now, at } = props;
  const alert = worstAlert(home);
  const time = (moment: string | number | null | undefined): string =>
    moment ? exactly(new Date(moment), now) : "";
  const words: Record<Told, () => string> = {
    nobody: () => t("told.nobody"),
    unknown: () => t("told.unknown", { time: time(at) }),
    told: () =>
      home.team.watching_now ? t("told.watching") : t("told.notWatching", { time: time(alert?.opened_at) }),
    taken: () => t("told.taken", { owner: alert?.owner ?? home.team.name }),
    seen: () => t("told.seen", { time: time(alert?.seen_at) }),
  };
  return words[told]();
}

function nextWatch(home: Home, now: Date): string {
  return home.team.next_watch_at
    ? t("told.next", { time: exactly(new Date(home.team.next_watch_at), now) })
    : "";
}
