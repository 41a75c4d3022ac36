// A picture is cut to the square where a face most likely is.
import { describe, expect, it } from "vitest";
import { squareOf } from "./photo";

describe("the square of a picture", () => {
  it.each([
    [100, 100, { x: 0, y: 0, side: 100 }],
    [300, 100, { x: 100, y: 0, side: 100 }],
    [100, 400, { x: 0, y: 100, side: 100 }],
  ])("of %i by %i", (width, height, expected) => {
    expect(squareOf(width, height)).toEqual(expected);
  });
});
