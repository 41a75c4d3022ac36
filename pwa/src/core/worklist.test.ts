// Rows stand still under a hand; emergencies do not wait.
import { describe, expect, it } from "vitest";
import type { AlertLevel, Row } from "./types";
import { inTab, mergeRows, NOTHING_SHOWN } from "./worklist";

function row(id: string, level: AlertLevel = "urgent", more: Partial<Row> = {}): Row {
  const at = "2026-11-22T08:00:00Z";
  return {
    id,
    level,
    patient: null,
    unassigned: null,
    rule: "spo2_low",
    title: id,
    reason: id,
    kind: "clinical",
    true_at: at,
    known_at: at,
    opened_at: at,
    late: false,
    contact_by: null,
    state: "open",
    owner: null,
    claimed_at: null,
    version: 1,
    also: [],
    cancelled_at: null,
    device_told: null,
    ...more,
  };
}
const ids = (rows: Row[]): string[] => rows.map((item) => item.id);

describe("mergeRows", () => {
  const start = mergeRows(NOTHING_SHOWN, [row("a"), row("b")], false);
  it("shows the server's order when nobody holds the list", () => {
    expect(ids(mergeRows(start, [row("c"), row("b"), row("a")], false).rows)).toEqual(["c", "b", "a"]);
  });
  it("lets a new row wait while the list is held", () => {
    const next = mergeRows(start, [row("c"), row("a"), row("b")], true);
    expect(ids(next.rows)).toEqual(["a", "b"]);
    expect(ids(next.waiting)).toEqual(["c"]);
  });
  it("lets an emergency in at once, even while the list is held", () => {
    const next = mergeRows(start, [row("c", "emergency"), row("a"), row("b")], true);
    expect(ids(next.rows)).toEqual(["c", "a", "b"]);
    expect(ids(next.arrived)).toEqual(["c"]);
    expect(mergeRows(next, [row("c", "emergency"), row("a"), row("b")], true).arrived).toEqual([]);
  });
  it("leaves a finished row where it stood until the list is let go", () => {
    const next = mergeRows(start, [row("b")], true);
    expect(ids(next.rows)).toEqual(["a", "b"]);
    expect([...next.gone]).toEqual(["a"]);
    expect(ids(mergeRows(next, [row("b")], false).rows)).toEqual(["b"]);
  });
  it("shows a row's new facts in its old place", () => {
    const claimed = row("b", "urgent", { state: "claimed", version: 2 });
    expect(mergeRows(start, [claimed, row("a")], true).rows[1]?.version).toBe(2);
  });
  it("does not sound for what was there when the page opened", () => {
    expect(mergeRows(NOTHING_SHOWN, [row("a", "emergency")], false).arrived).toEqual([]);
  });
});

describe("tabs", () => {
  it("know mine, unclaimed and no cover", () => {
    const mine = row("m", "soon", { state: "claimed", owner: { name: "Me", id: "1", me: true } });
    expect([inTab(mine, "mine"), inTab(mine, "unclaimed"), inTab(mine, "all")]).toEqual([true, false, true]);
    expect(inTab(row("s", "soon", { rule: "device_silent" }), "no_cover")).toBe(true);
  });
});
