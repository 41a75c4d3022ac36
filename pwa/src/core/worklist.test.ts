// Rows stand still under a hand; emergencies do not wait.
import { describe, expect, it } from "vitest";
import type { Row, Worklist } from "./deskTypes";
import type { AlertLevel } from "./types";
import { inTab, laneOf, matches, mergeRows, newerRow, NOTHING_SHOWN, unclaimedReds } from "./worklist";

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
    acknowledge_by: null,
    closed_at: null,
    outcome: null,
    judged_by: "",
    stands: null,
    contacted_at: null,
    note: null,
    repeats: 0,
    findings: [],
    new_findings: 0,
    red: level === "emergency" || level === "urgent",
    no_cover: false,
    call_999: false,
    data_at: null,
    data_age_s: null,
    next_action: null,
    climbs_at: null,
    rung: 0,
    steps: [],
    ladder_end: null,
    undelivered: false,
    snooze: null,
    recheck: null,
    handover: null,
    undo: null,
    follow_up: null,
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
    expect(next.waiting).toEqual([]);
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
  it("lets a row rise at once when it becomes an emergency", () => {
    const next = mergeRows(start, [row("b", "emergency"), row("a")], true);
    expect(ids(next.rows)).toEqual(["b", "a"]);
  });
  it("counts a row that became red where it stands, and moves it only when the list is let go", () => {
    const mild = mergeRows(NOTHING_SHOWN, [row("a"), row("b", "soon")], false);
    const next = mergeRows(mild, [row("b", "urgent"), row("a")], true);
    expect([ids(next.rows), next.worse]).toEqual([["a", "b"], 1]);
    expect(mergeRows(next, [row("b", "urgent"), row("a")], false).worse).toBe(0);
  });
});

describe("tabs", () => {
  it("know mine, unclaimed and no cover", () => {
    const mine = row("m", "soon", { state: "claimed", owner: { name: "Me", id: "1", me: true } });
    expect([inTab(mine, "mine"), inTab(mine, "unclaimed"), inTab(mine, "all")]).toEqual([true, false, true]);
    expect(inTab(row("s", "soon", { no_cover: true }), "no_cover")).toBe(true);
  });
  it("show a closed card only while its recheck is owed", () => {
    const owed = { by: "2026-11-22T09:00:00Z", why: null };
    const closed = row("r", "soon", { state: "closed", recheck: owed });
    expect([inTab(closed, "rechecks"), inTab(closed, "all"), laneOf(closed)]).toEqual([true, false, "recheck"]);
  });
});

describe("lanes", () => {
  it("never put what is red with what is milder", () => {
    expect(laneOf(row("a", "urgent"))).toBe("red");
    expect(laneOf(row("a", "urgent", { no_cover: true }))).toBe("red");
    expect(laneOf(row("b", "soon", { no_cover: true }))).toBe("cover");
    expect(laneOf(row("c", "soon"))).toBe("rest");
  });
});

describe("the search", () => {
  const ash = row("a", "urgent", {
    patient: { display_name: "Rose Ash", nhs_number: "9990000018" } as Row["patient"],
    reason: "Oxygen 86%",
  });
  it("finds by name, by number as it is read aloud, and by what is wrong", () => {
    expect(["rose", "ash rose", "999 000", "oxygen"].map((words) => matches(ash, words))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(matches(ash, "granite")).toBe(false);
  });
});

describe("answers", () => {
  it("are not taken back by an older list", () => {
    const old = row("a");
    const done = row("a", "urgent", { version: 2, state: "claimed" });
    expect([newerRow(old, done).version, newerRow(done, old).version]).toEqual([2, 2]);
  });
  it("leave the claimed reds out of what sounds", () => {
    const list = { rows: [row("a"), row("b", "urgent", { state: "claimed" }), row("c", "soon")] } as Worklist;
    expect(ids(unclaimedReds(list))).toEqual(["a"]);
  });
});
