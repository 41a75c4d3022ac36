// The pages of taking a reading by hand, one after another, worked out from what was typed so far.
import type { TakenCode } from "./selfTypes";
import { doubtOf, levelOf, type Doubt } from "./typed";
import type { AlertLevel, ReadingKind, ValueCode } from "./types";

export type StepName = ValueCode | "oxygen" | "again" | "feel" | "check";
export type Oxygen = "yes" | "no" | "unknown";

export interface Taken {
  values: Partial<Record<ValueCode, string>>;
  oxygen: Oxygen | null;
  /** Litres a minute; "unknown" is an answer of its own. */
  litres: string | null;
  /** Taken once more because the first was unlikely. */
  repeated: boolean;
  /** The person says that the unlikely number is right. */
  sure: boolean;
  unwell: boolean | null;
  /** When the first number was typed, ISO. */
  startedAt: string | null;
}

export const NOTHING_TAKEN: Taken = {
  values: {},
  oxygen: null,
  litres: null,
  repeated: false,
  sure: false,
  unwell: null,
  startedAt: null,
};

/** What was typed longer ago than this is of another time, and is not offered as now's. Alongside default. */
const FRESH_MS = 3600_000;

export function stillFresh(taken: Taken, now: Date): boolean {
  return taken.startedAt === null || now.getTime() - Date.parse(taken.startedAt) < FRESH_MS;
}

export interface Asking {
  kind: ReadingKind;
  codes: readonly TakenCode[];
  asksOxygen: boolean;
  usual: Partial<Record<ValueCode, { low: string; high: string }>>;
}

export interface Doubted {
  code: ValueCode;
  value: string;
  doubt: Doubt;
}

/** The first unlikely number, unless it was taken again already or somebody stands by it. */
export function firstDoubt(asking: Asking, taken: Taken): Doubted | null {
  if (taken.repeated) return null;
  for (const code of asking.codes) {
    const value = taken.values[code.code];
    const doubt = value === undefined ? null : doubtOf(code, value, asking.usual[code.code]);
    if (value !== undefined && doubt) return { code: code.code, value, doubt };
  }
  return null;
}

export function takenLevel(asking: Asking, taken: Taken): AlertLevel | null {
  return levelOf(asking.codes, taken.values);
}

/** The pages, in order. Nothing is asked that delays the words of an emergency. */
export function stepsOf(asking: Asking, taken: Taken): StepName[] {
  const steps: StepName[] = asking.codes.map(({ code }) => code);
  const level = takenLevel(asking, taken);
  if (asking.asksOxygen && asking.kind === "spo2") steps.push("oxygen");
  if (level !== "emergency") {
    const doubted = firstDoubt(asking, taken);
    if (doubted && !taken.sure) steps.push("again");
    if (doubted || taken.repeated || level === "urgent" || level === "soon") steps.push("feel");
  }
  return [...steps, "check"];
}

export function stepAfter(asking: Asking, taken: Taken, step: StepName): StepName {
  const steps = stepsOf(asking, taken);
  // An answer may take its own page out of the steps, so the order is that of all pages there can be.
  const all: StepName[] = [...asking.codes.map(({ code }) => code), "oxygen", "again", "feel", "check"];
  return all.slice(all.indexOf(step) + 1).find((one) => steps.includes(one)) ?? "check";
}

/** The first number that is still missing: where somebody lands who opens a later page too early. */
export function firstMissing(asking: Asking, taken: Taken): ValueCode | null {
  return asking.codes.find(({ code }) => taken.values[code] === undefined)?.code ?? null;
}

const LITRES = /^\d{1,2}([.]\d{1,2})?$/;
const MOST_LITRES = 60;

/** Litres a minute as typed; "unknown" for an empty field; null for what is no flow of oxygen. */
export function readLitres(text: string): string | null {
  const plain = text.replace(/\s/g, "").replace(",", ".");
  if (plain === "") return "unknown";
  const flow = Number(plain);
  return LITRES.test(plain) && flow > 0 && flow <= MOST_LITRES ? plain : null;
}

/** As it is sent: 0 for air, litres in use, "unknown", or null when it was not asked. */
export function oxygenToSend(taken: Taken): string | null {
  if (taken.oxygen === null) return null;
  if (taken.oxygen === "no") return "0";
  return taken.oxygen === "yes" ? (taken.litres ?? "unknown") : "unknown";
}
