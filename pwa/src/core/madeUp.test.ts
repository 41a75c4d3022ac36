// The two languages made up for tests do to a sentence what Welsh and Urdu would, and keep its gaps.
import { afterEach, describe, expect, it } from "vitest";
import { dressing } from "./madeUp";
import { speak, t } from "./words";

afterEach(() => {
  speak("en-GB", {});
});

describe("a made-up language", () => {
  it("is half as long again and keeps its gaps", () => {
    const said = dressing("en-XA")("Up to date at {time}");
    expect(said).toContain("{time}");
    expect(said.length).toBeGreaterThan("Up to date at {time}".length * 1.25);
  });
  it("runs from right to left and keeps its gaps", () => {
    const said = dressing("ar-XB")("Up to date at {time}");
    expect(said).toContain("{time}");
    expect(said.replace("{time}", "")).not.toMatch(/[A-Za-z]/);
    expect(said).toMatch(/\p{Script=Arabic}/u);
  });
  it("is spoken by every sentence once chosen, with values as they are", () => {
    speak("en-GB", {}, dressing("ar-XB"));
    expect(t("sync.upToDate", { time: "8:05am" })).toContain("8:05am");
    expect(t("sync.upToDate", { time: "8:05am" })).not.toContain("Up to date");
  });
  it("says in English what is not translated yet", () => {
    speak("cy", { "nav.today": "Heddiw" });
    expect(t("nav.today")).toBe("Heddiw");
    expect(t("nav.readings")).toBe("Readings");
  });
});
