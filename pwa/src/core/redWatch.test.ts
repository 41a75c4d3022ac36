// An emergency sounds when it comes and while it waits; a locked desk sounds for what is urgent too.
import { describe, expect, it } from "vitest";
import type { Row } from "./deskTypes";
import { AGAIN_MS, NOTHING_WATCHED, watchReds } from "./redWatch";

const red = (id: string, level: Row["level"]): Row => ({ id, level }) as Row;
const opened = watchReds(NOTHING_WATCHED, [red("a", "emergency")], false, 0).next;

describe("watchReds", () => {
  it("does not sound for what was there when the page opened", () => {
    expect(watchReds(NOTHING_WATCHED, [red("a", "emergency")], false, 0).rings).toBe(false);
  });
  it("sounds at once for a new emergency", () => {
    expect(watchReds(opened, [red("a", "emergency"), red("b", "emergency")], false, 1).rings).toBe(true);
  });
  it("sounds for a card that has become an emergency", () => {
    const urgent = watchReds(NOTHING_WATCHED, [red("a", "urgent")], false, 0).next;
    expect(watchReds(urgent, [red("a", "emergency")], false, 1).rings).toBe(true);
  });
  it("sounds for a new urgent card only when nobody looks", () => {
    const reds = [red("a", "emergency"), red("c", "urgent")];
    expect(watchReds(opened, reds, false, 1).rings).toBe(false);
    expect(watchReds(opened, reds, true, 1).rings).toBe(true);
  });
  it("sounds again while an emergency waits", () => {
    expect(watchReds(opened, [red("a", "emergency")], false, AGAIN_MS - 1).rings).toBe(false);
    expect(watchReds(opened, [red("a", "emergency")], false, AGAIN_MS).rings).toBe(true);
  });
});
