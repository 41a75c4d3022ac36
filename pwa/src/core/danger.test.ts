// The phone finds the same words of danger as the server, by the same table.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dangerIn, type DangerWords } from "./danger";

// Tests are run from the folder of the pages.
const root = "..";
const danger = JSON.parse(readFileSync(`${root}/backend/threads/danger.json`, "utf8")) as DangerWords;
const cases = JSON.parse(readFileSync(`${root}/tests/threads/danger_cases.json`, "utf8")) as [
  string,
  string[],
][];

describe("words that may mean danger", () => {
  it.each(cases)("%s", (text, found) => {
    expect(dangerIn(text, danger)).toEqual(found);
  });
  it("says nothing while the list is not there", () => {
    expect(dangerIn("chest pain", null)).toEqual([]);
  });
});
