// What a typed number is: readable, possible, unusual for this person, and how bad it alone would be.
import type { TakenCode } from "./selfTypes";
import type { AlertLevel, ValueCode } from "./types";

export type Refusal = "empty" | "unreadable" | "whole" | "fahrenheit" | "impossible" | "swapped";
export type Typed = { ok: true; value: string } | { ok: false; why: Refusal };

const NUMBER = /^\d{1,4}([.,]\d{1,2})?$/;
/** 95 to 115 degrees Fahrenheit are a living person's, and no temperature of one in Celsius. */
const FAHRENHEIT = { low: 95, high: 115 };

/** The number as it is sent, or why it is none. A comma is read as a point; nothing is rounded. */
export function readTyped(code: TakenCode, text: string): Typed {
  const plain = text.replace(/\s/g, "");
  if (plain === "") return { ok: false, why: "empty" };
  if (!NUMBER.test(plain)) return { ok: false, why: "unreadable" };
  const value = plain.replace(",", ".").replace(/^0+(?=\d)/, "");
  if (code.step === "1" && value.includes(".")) return { ok: false, why: "whole" };
  return possible(code, value);
}

function possible(code: TakenCode, value: string): Typed {
  const number = Number(value);
  if (number >= Number(code.hard[0]) && number <= Number(code.hard[1])) return { ok: true, value };
  const hot = code.code === "temperature" && number >= FAHRENHEIT.low && number <= FAHRENHEIT.high;
  return { ok: false, why: hot ? "fahrenheit" : "impossible" };
}

/** Somebody's top number is always above the bottom one: the other way round two fields were mixed up. */
export function areSwapped(values: Partial<Record<ValueCode, string>>): boolean {
  const { systolic, diastolic } = values;
  if (systolic === undefined || diastolic === undefined) return false;
  return Number(diastolic) >= Number(systolic);
}

export type Doubt = { side: "higher" | "lower"; than: "usual" | "expected" };

/** A soft question and never a stop: beyond what is usual for this person, or beyond what most people ever have. */
export function doubtOf(
  code: TakenCode,
  value: string,
  usual: { low: string; high: string } | undefined,
): Doubt | null {
  const number = Number(value);
  if (usual && number > Number(usual.high)) return { side: "higher", than: "usual" };
  if (usual && number < Number(usual.low)) return { side: "lower", than: "usual" };
  if (number > Number(code.soft[1])) return { side: "higher", than: "expected" };
  return number < Number(code.soft[0]) ? { side: "lower", than: "expected" } : null;
}

const RANK: readonly AlertLevel[] = ["info", "routine", "soon", "urgent", "emergency"];

/** The value, or the steps under and over a finer one: what lies between two bands is as bad as the worse. */
function sides(value: string, step: "1" | "0.1"): number[] {
  const scale = step === "1" ? 1 : 10;
  const steps = Number((Number(value) * scale).toFixed(3));
  return [Math.floor(steps) / scale, Math.ceil(steps) / scale];
}

/** The worst level that these values alone reach, by the bands this phone was given; null when none. */
export function levelOf(
  codes: readonly TakenCode[],
  values: Partial<Record<ValueCode, string>>,
): AlertLevel | null {
  const found = codes.flatMap(({ code, bands, step }) => {
    const typed = values[code];
    if (typed === undefined) return [];
    return sides(typed, step).flatMap((number) =>
      bands.filter(({ from, to }) => number >= Number(from) && number <= Number(to)).map((band) => band.level),
    );
  });
  return found.sort((a, b) => RANK.indexOf(b) - RANK.indexOf(a))[0] ?? null;
}
