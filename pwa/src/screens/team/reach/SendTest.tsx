// A message to oneself, and when it was handed over: a number with a slip of the pen is found by day, not by night.
import type { JSX } from "preact";
import { exactly } from "../../../core/format";
import type { Reach, ReachTest } from "../../../core/reach";
import { t } from "../../../core/words";
import { ActButton } from "../../../parts/team/KitParts";
import { wayWords } from "../../../parts/team/ReachForm";
import { useChange } from "../../../parts/team/useChange";

export function SendTest(props: { reach: Reach; now: Date; pull: () => Promise<void> }): JSX.Element {
  const { reach, now, pull } = props;
  const { busy, errors, send } = useChange();
  const ask = async (channel: string): Promise<void> => {
    await send({ path: "/me/reach/test", body: { channel }, version: null });
    await pull();
  };
  return (
    <>
      <p>{t("reach.testWords")}</p>
      <div role="status">
        {errors[0] && <p class="al-notice al-notice--problem">{errors[0].words}</p>}
        {reach.test && <TestWords test={reach.test} now={now} />}
      </div>
      {reach.ways.length === 0 && <p>{t("reach.testNone")}</p>}
      {reach.ways.map((way) => (
        <ActButton
          key={way}
          words={t("reach.testBy", { way: wayWords(way) })}
          busy={busy}
          quiet
          onClick={() => void ask(way)}
        />
      ))}
    </>
  );
}

function TestWords(props: { test: ReachTest; now: Date }): JSX.Element {
  const { test, now } = props;
  const at = (time: string): string => exactly(new Date(time), now);
  if (test.handed_over_at)
    return (
      <p class="al-notice" data-test="sent">
        {t("reach.testSent", { way: wayWords(test.channel), time: at(test.handed_over_at) })}
      </p>
    );
  const isOver = test.state === "failed" || test.state === "stopped";
  return (
    <p class={`al-notice${isOver ? " al-notice--problem" : ""}`} data-test={test.state}>
      {isOver
        ? t("reach.testFailed", { why: test.why ?? "", time: at(test.asked_at) })
        : t("reach.testWaits", { time: at(test.asked_at) })}
    </p>
  );
}
