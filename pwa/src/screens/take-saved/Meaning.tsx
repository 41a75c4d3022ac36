// What a reading that is not red means: against the person's own range, and who will look at it.
import type { JSX } from "preact";
import { t } from "../../core/words";
import { Level } from "../../parts/Level";
import type { TakenCode } from "../../core/selfTypes";
import type { ToldOf } from "../../parts/toldOf";

type Side = "ok" | "above" | "below";

export function Meaning(props: ToldOf): JSX.Element {
  const { taken, taking } = props.judging;
  if (!taking) return <p>{t("take.means.unknown")}</p>;
  const [first] = taken.codes;
  const side = first ? sideOf(first, props.reading.values[first.code]) : null;
  const isSoon = props.reading.level === "soon";
  return (
    <>
      {isSoon ? <Soon side={side} isReceived={props.state.kind === "received"} /> : <Calm side={side} />}
      {!taking.monitored && <p>{t("take.means.unwatched")}</p>}
    </>
  );
}

function Soon(props: { side: Side | null; isReceived: boolean }): JSX.Element {
  const word = props.side === null || props.side === "ok" ? "soon" : props.side;
  return (
    <>
      <p>
        <Level level="soon" words={t(`level.${word}`)} />
      </p>
      <p>{t(props.isReceived ? "take.means.soon" : "take.means.soonNot")}</p>
    </>
  );
}

function Calm(props: { side: Side | null }): JSX.Element {
  const { side } = props;
  if (side === null) return <p>{t("take.means.noRange")}</p>;
  return (
    <p>
      <Level level={side} words={t(`level.${side}`)} />
    </p>
  );
}

/** Where the first number stands in the person's own range; null when nobody has set one. */
function sideOf(code: TakenCode, typed: string | undefined): Side | null {
  const { range } = code;
  if (!range || typed === undefined) return null;
  const value = Number(typed);
  if (range.high !== null && value > Number(range.high)) return "above";
  if (range.low !== null && value < Number(range.low)) return "below";
  return "ok";
}
