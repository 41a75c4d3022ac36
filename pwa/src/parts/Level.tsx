// How bad something is: always a word, a shape and a colour together, so that none of them is needed alone.
import type { JSX } from "preact";
import { t, type WordKey } from "../core/words";
import type { AlertLevel, LatestTile } from "../core/types";

export type LevelName = AlertLevel | "ok" | "above" | "below" | "no-data";

type Shape = "diamond" | "octagon" | "triangle" | "circle" | "ring" | "dashes";
const SHAPE: Record<LevelName, Shape> = {
  emergency: "diamond",
  urgent: "octagon",
  soon: "triangle",
  above: "triangle",
  below: "triangle",
  routine: "ring",
  info: "ring",
  ok: "circle",
  "no-data": "dashes",
};
const COLOUR: Record<Shape, string> = {
  diamond: "red",
  octagon: "red",
  triangle: "amber",
  circle: "green",
  ring: "grey",
  dashes: "grey",
};

function Mark(props: { shape: Shape }): JSX.Element {
  switch (props.shape) {
    case "diamond":
      return <path d="M12 0.5 23.5 12 12 23.5 0.5 12Z" />;
    case "octagon":
      return <path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9Z" />;
    case "triangle":
      return <path d="M12 1.5 23.5 22H0.5Z" />;
    case "circle":
      return <circle cx="12" cy="12" r="11" />;
    case "ring":
      return <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="4" />;
    case "dashes":
      return (
        <circle
          cx="12"
          cy="12"
          r="9.5"
          fill="none"
          stroke="currentColor"
          stroke-width="3"
          stroke-dasharray="5 4"
        />
      );
  }
}

function Sign(props: { shape: Shape }): JSX.Element | null {
  if (props.shape === "circle") return <path class="al-level__sign" d="m6.5 12.5 3.7 3.7 7.3-8" />;
  if (props.shape === "triangle") return <path class="al-level__sign" d="M12 9v6m0 2.4v.4" />;
  if (props.shape === "diamond" || props.shape === "octagon")
    return <path class="al-level__sign" d="M12 5.8v7.6m0 3.4v.4" />;
  return null;
}

/** `words` replaces the level's own word where a sentence says it better, such as "In your range". */
export function Level(props: { level: LevelName; words?: string; shout?: boolean }): JSX.Element {
  const shape = SHAPE[props.level];
  return (
    <span
      class={`al-level al-level--${COLOUR[shape]}${props.shout ? " al-level--shout" : ""}`}
      data-level={props.level}
    >
      <svg
        class="al-level__mark"
        viewBox="0 0 24 24"
        width="24"
        height="24"
        aria-hidden="true"
        focusable="false"
      >
        <Mark shape={shape} />
        <Sign shape={shape} />
      </svg>
      <span class="al-level__word">{props.words ?? t(`level.${props.level}` as WordKey)}</span>
    </span>
  );
}

/** The level of a tile: the alert's own level first, then where the value stands in the person's range. */
export function tileLevel(tile: LatestTile, stale: boolean): LevelName | null {
  if (tile.state === "no-data") return "no-data";
  // An old value says nothing about now: its words say so, and no level pretends to.
  if (stale) return null;
  if (tile.level === "emergency" || tile.level === "urgent" || tile.level === "soon") return tile.level;
  if (tile.state === "above" || tile.state === "below") return tile.state;
  return tile.state === "in-range" ? "ok" : null;
}
