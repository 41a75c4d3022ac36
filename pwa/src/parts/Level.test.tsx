// A level is a word, a shape and a colour; none of the three may be lost or swapped.
import { render } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import type { LatestTile } from "../core/types";
import { Level, tileLevel, type LevelName } from "./Level";

const look = (level: LevelName) => {
  const html = render(<Level level={level} />);
  return {
    word: /al-level__word">([^<]+)/.exec(html)?.[1],
    colour: /al-level--(\w+)/.exec(html)?.[1],
    shape: /<svg[^>]*>(<[^>]+)/.exec(html)?.[1],
  };
};

describe("Level", () => {
  it.each([
    ["emergency", "Emergency", "red"],
    ["urgent", "Urgent", "red"],
    ["soon", "Soon", "amber"],
    ["above", "Above your range", "amber"],
    ["below", "Below your range", "amber"],
    ["routine", "Routine", "grey"],
    ["ok", "In your range", "green"],
    ["no-data", "No data", "grey"],
  ] as const)("%s is %s in %s", (level, word, colour) => expect(look(level)).toMatchObject({ word, colour }));
  it("gives every level that matters a shape of its own", () => {
    const shapes = (["emergency", "urgent", "soon", "ok", "routine", "no-data"] as const).map(
      (level) => look(level).shape,
    );
    expect(new Set(shapes).size).toBe(6);
  });
});

describe("tileLevel", () => {
  const tile: LatestTile = {
    kind: "spo2",
    values: [],
    effective_at: "2026-11-22T07:00:00Z",
    received_at: null,
    age_s: 0,
    stale: false,
    stale_after_s: 1,
    source: "device",
    quality: "ok",
    state: "in-range",
    level: null,
    range: null,
  };
  it.each([
    [{}, false, "ok"],
    [{ state: "no-data" }, false, "no-data"],
    [{ level: "urgent", state: "below" }, false, "urgent"],
    [{ state: "below" }, false, "below"],
    [{ state: "no-range" }, false, null],
    [{ level: "urgent" }, true, null],
  ] as const)("%j, old: %s, is %s", (more, stale, level) =>
    expect(tileLevel({ ...tile, ...more }, stale)).toBe(level),
  );
});
