// A new screen is found by the build and by the router alike, so that no sweep can miss it.
// @vitest-environment jsdom
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addresses as personAddresses } from "../src/router";
import { addresses as teamAddresses } from "../src/router.team";
import { addressesIn } from "./shells";

const screens = join(import.meta.dirname, "../src/screens");
const found = (folder: string): string[] => addressesIn(folder).map((item) => item.address);

describe("the list of addresses", () => {
  it("is the router's own list, for the person", () =>
    expect(found(screens)).toEqual([...personAddresses].sort((a, b) => a.localeCompare(b))));
  it("is the router's own list, for the team", () =>
    expect(found(join(screens, "team"))).toEqual([...teamAddresses].sort((a, b) => a.localeCompare(b))));
  it("opens only help, sign-in and pairing without a session", () => {
    const open = [...addressesIn(screens), ...addressesIn(join(screens, "team"))]
      .filter((item) => item.open)
      .map((item) => item.address);
    expect(open.sort()).toEqual(["/help", "/pair", "/sign-in", "/team/pair", "/team/sign-in"]);
  });
});
