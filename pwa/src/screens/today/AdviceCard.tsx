// After a red reading the first card says what the person's own plan says to do, who knows, and whom to call.
import type { JSX } from "preact";
import { t } from "../../core/words";
import { worstAlert } from "../../core/told";
import type { Home } from "../../core/types";
import { Acts } from "../../parts/Acts";
import { CallFirst } from "../../parts/CallFirst";
import { Level } from "../../parts/Level";
import { ToldLine } from "../../parts/ToldLine";

export interface AdviceProps {
  home: Home;
  advice: NonNullable<Home["advice"]>;
  now: Date;
  connected: boolean;
  at: number | null;
}

export function AdviceCard(props: AdviceProps): JSX.Element {
  const { home, advice } = props;
  const emergency = advice.level === "emergency";
  return (
    <section class={`al-advice al-advice--${advice.level}`} aria-labelledby="advice-title">
      <p class="al-advice__level" role="alert">
        <Level level={advice.level} words={t(emergency ? "advice.emergency" : "advice.urgent")} shout />
      </p>
      <h2 class="al-advice__title" id="advice-title">
        {worstAlert(home)?.title ?? t("advice.title")}
      </h2>
      <Acts words={advice.words} own={advice.from !== "pathway"} />
      <ToldLine {...props} />
      <CallFirst level={advice.level} team={home.team} line={advice.line ?? null} at={props.at} />
    </section>
  );
}
