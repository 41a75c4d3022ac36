// A red reading: what the plan says to do, who knows, and whom to call; from what this phone has, so offline too.
import type { JSX } from "preact";
import { t } from "../core/words";
import { Acts } from "./Acts";
import { CallFirst } from "./CallFirst";
import { Level } from "./Level";
import { Digits, inOrder, valuesWords } from "./Reading";
import { NobodyTold, ToldLine } from "./ToldLine";
import { useHelpFacts } from "./useHelpFacts";
import type { ToldOf } from "./toldOf";

type Red = "urgent" | "emergency";

export function RedCard(props: ToldOf & { level: Red }): JSX.Element {
  const { judging, reading, level } = props;
  const { taking, home } = judging;
  const facts = useHelpFacts();
  const line = taking?.line ?? facts.line;
  const act = judging.taken.acts?.[level];
  return (
    <section class={`al-advice al-advice--${level}`} aria-labelledby="red-title">
      <p class="al-advice__level" role="alert">
        <Level level={level} words={t(`advice.${level}`)} shout />
      </p>
      <h2 class="al-advice__title" id="red-title">
        {t(`kind.${reading.reading}`)} <Digits>{valuesWords(inOrder(reading.reading, reading.values))}</Digits>
      </h2>
      <Acts words={act?.words ?? everybodys(level, line !== null)} own={act?.from === "plan"} />
      <WhoKnows {...props} />
      <CallFirst level={level} team={home.body?.team ?? facts.team} line={line} at={home.at} />
    </section>
  );
}

function WhoKnows(props: ToldOf): JSX.Element {
  const { judging, reading, now, connected } = props;
  const home = judging.home.body;
  const at = Date.parse(reading.effectiveAt);
  // An alert of before says nothing of this reading.
  const isAlerted = home?.alerts.some((alert) => Date.parse(alert.true_at) >= at) ?? false;
  if (home && isAlerted) return <ToldLine home={home} now={now} connected={connected} at={judging.home.at} />;
  return <NobodyTold connected={connected} received={props.state.kind === "received"} />;
}

/** Before this phone has been told the person's own plan. */
function everybodys(level: Red, hasLine: boolean): string[] {
  if (hasLine) return [t("acts.line")];
  return level === "emergency" ? [t("acts.emergency.1")] : [t("acts.urgent.1"), t("acts.urgent.2")];
}
