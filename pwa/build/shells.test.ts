// A new screen is found by the build and by the router alike, so that no sweep can miss it.
// @vitest-environment jsdom
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addresses as personAddresses } from "../src/router";
import { addresses as teamAddresses } from "../src/router.team";
import { addressesIn, noticesIn } from "./shells";

const screens = join(import.meta.dirname, "../src/screens");
const found = (folder: string): string[] => addressesIn(folder).map((item) => item.address);

describe("the list of addresses", () => {
  it("is the router's own list, for the person", () =>
    expect(found(screens)).toEqual([...personAddresses].sort((a, b) => a.localeCompare(b))));
  it("is the router's own list, for the team", () =>
    expect(found(join(screens, "team"))).toEqual([...teamAddresses].sort((a, b) => a.localeCompare(b))));
  it("opens only help, what records, the way in and what waits without a session", () => {
    const open = [...addressesIn(screens), ...addressesIn(join(screens, "team"))]
      .filter((item) => item.open)
      .map((item) => item.address);
    expect(open.sort()).toEqual([
      "/help",
      "/hypo",
      "/invitation",
      "/not-sent",
      "/pair",
      "/saved/:id",
      "/sign-in",
      "/take",
      "/take/:kind",
      "/take/:kind/:step",
      "/team/pair",
      "/team/sign-in",
      "/worried",
    ]);
  });
});

describe("what a notification says", () => {
  it("comes from the words of each language, and is about nobody's health", () => {
    const notices = noticesIn(join(screens, "../words"));
    expect(notices["en"]).toEqual({
      "notice.person": "There is something for you. Open the app.",
      "notice.team": "Something waits. Open the list.",
    });
  });
});
