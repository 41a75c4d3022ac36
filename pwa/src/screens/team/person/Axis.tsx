// Readings, alerts, what the team did and devices over the same days on one axis, so that what belongs together shows.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { TeamPerson, TimelineEvent } from "../../../core/deskTypes";
import { axisDate } from "../../../core/format";
import { t } from "../../../core/words";
import { useWidth } from "../../../parts/hooks";

const LANES = ["observation", "alert", "act", "device"] as const;
type Lane = (typeof LANES)[number];

const LANE_HEIGHT = 34;
const LEFT = 8;
const TITLE = 18;
const DAY_MS = 86_400_000;

function laneOf(event: TimelineEvent): Lane {
  return event.kind === "claim" || event.kind === "close" ? "act" : event.kind;
}

export function Axis(props: {
  events: TeamPerson["timeline"];
  asOf: string;
  days: number;
}): JSX.Element {
  const { events, days } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 340);
  const to = Date.parse(props.asOf);
  const from = to - days * DAY_MS;
  const shown = events.filter((event) => Date.parse(event.at) >= from);
  const x = (at: number): number => LEFT + ((at - from) / (to - from)) * (width - 2 * LEFT);
  const bottom = LANES.length * (LANE_HEIGHT + TITLE);
  const ticks = [0, 0.5, 1].map((part) => from + part * (to - from));
  return (
    <figure class="al-axis" ref={box}>
      <svg
        width={width}
        height={bottom + 26}
        viewBox={`0 0 ${String(width)} ${String(bottom + 26)}`}
        role="img"
        aria-label={`${t("axis.title", { n: days })}. ${t("axis.words")}`}
      >
        {LANES.map((lane, index) => (
          <LaneMarks
            key={lane}
            lane={lane}
            y={index * (LANE_HEIGHT + TITLE)}
            width={width}
            events={shown.filter((event) => laneOf(event) === lane)}
            x={x}
          />
        ))}
        {ticks.map((at, index) => (
          <text
            key={at}
            x={x(at)}
            y={bottom + 20}
            text-anchor={index === 0 ? "start" : index === 2 ? "end" : "middle"}
          >
            {axisDate(new Date(at))}
          </text>
        ))}
      </svg>
    </figure>
  );
}

function LaneMarks(props: {
  lane: Lane;
  y: number;
  width: number;
  events: TimelineEvent[];
  x: (at: number) => number;
}): JSX.Element {
  const { lane, y, width, events, x } = props;
  const line = y + TITLE + LANE_HEIGHT / 2;
  return (
    <g class={`al-axis__lane al-axis__lane--${lane}`}>
      <text x={LEFT} y={y + 15}>
        {t(`axis.${lane}`)} ({events.length})
      </text>
      <line x1={LEFT} x2={width - LEFT} y1={line} y2={line} />
      {events.map((event) => (
        <Mark key={event.at + event.words} lane={lane} x={x(Date.parse(event.at))} y={line} />
      ))}
    </g>
  );
}

function Mark(props: { lane: Lane; x: number; y: number }): JSX.Element {
  const { lane, x, y } = props;
  if (lane === "observation") return <circle cx={x} cy={y} r={4} />;
  if (lane === "alert")
    return <path d={`M${String(x)} ${String(y - 9)}l8 9-8 9-8-9Z`} />;
  return <rect x={x - 3} y={y - 9} width={6} height={18} />;
}
