// The order in which somebody is tried, when one way is put first.
import { expect, test } from "vitest";
import { firstOf, reachPath } from "./reach";

test("a way put first leaves the others in their order and names each once", () => {
  expect(firstOf(["web-push", "sms", "email"], "email")).toEqual(["email", "web-push", "sms"]);
  expect(firstOf(["web-push", "sms", "email"], "web-push")).toEqual(["web-push", "sms", "email"]);
});

test("one's own ways have an address without an id", () => {
  expect(reachPath(null)).toBe("/me/reach");
  expect(reachPath("a")).toBe("/staff/a/reach");
});
