// The only way to print a value. A reading never stands without its age, its unit and its order of digits:
// right-to-left text turned "138 over 84" into "84 over 138", so every value sits in its own left-to-right island.
import type { JSX } from "preact";
import { whenWords } from "../core/format";
import { t, wordFor, type WordKey } from "../core/words";
import type { LatestTile, Range, ReadingKind, ReadingValue, ValueCode } from "../core/types";

/** The unit as it is said, after the number. Blood pressure has none on the screen: "138 over 84" is the unit. */
const UNIT: Record<ValueCode, WordKey> = {
  systolic: "unit.mmhg",
  diastolic: "unit.mmhg",
  spo2: "unit.percent",
  pulse: "unit.beats",
  weight: "unit.kg",
  temperature: "unit.celsius",
  glucose: "unit.mmol",
  "peak-flow": "unit.litres",
};

/** LO and HI are what the device said instead of a number; they are never shown as one. */
function specialWords(special: string): string {
  return wordFor("special", special.toLowerCase()) ?? t("special.other");
}

/** "93%", "71.2 kg", "72 beats a minute"; without `unit` the digits alone, for the end of a chart's line. */
export function numberWords(code: ValueCode, value: string, unit = true): string {
  if (!unit || code === "systolic" || code === "diastolic") return value;
  return t(UNIT[code], { value });
}

function valueWords(item: ReadingValue): string {
  if (item.value !== null) return numberWords(item.code, item.value);
  return specialWords(item.special ?? "other");
}

/** One measurement in words: "138 over 84", "93%", "Too low for the device to read". */
export function valuesWords(values: readonly ReadingValue[]): string {
  const [first, second] = values;
  if (!first) return t("reading.none");
  if (!second || first.value === null) return valueWords(first);
  if (second.value === null) return t("reading.overNone", { first: valueWords(first) });
  return t("reading.over", { first: valueWords(first), second: valueWords(second) });
}

/** "88% to 92%", "under 145", "72 or more"; null when nobody has set a range. */
export function rangeWords(code: ValueCode, range: Range | null): string | null {
  if (!range) return null;
  const low = range.low === null ? null : numberWords(code, range.low);
  const high = range.high === null ? null : numberWords(code, range.high);
  if (low !== null && high !== null) return t("range.between", { low, high });
  if (high !== null) return t("range.under", { high });
  return low === null ? null : t("range.over", { low });
}

/** Digits keep their order whatever the language around them. */
export function Digits(props: { children: string }): JSX.Element {
  return <bdi dir="ltr">{props.children}</bdi>;
}

export interface ReadingProps {
  kind: ReadingKind;
  values: readonly ReadingValue[];
  effectiveAt: string;
  now: Date;
  stale?: boolean;
  quality?: "ok" | "suspect";
  /** `large` on a tile, `row` inside a sentence or a table row whose header already is the time. */
  size?: "large" | "row";
}

/** A value with its age. Old ones say so in words first, then stand struck through. */
export function Reading(props: ReadingProps): JSX.Element {
  const { values, effectiveAt, now, stale = false, quality = "ok", size = "large" } = props;
  const words = <Digits>{valuesWords(values)}</Digits>;
  const isWords = values[0]?.value === null;
  return (
    <span
      class={`al-reading al-reading--${size}${isWords ? " al-reading--words" : ""}`}
      data-kind={props.kind}
    >
      {stale && <span class="al-reading__old">{t("reading.old")} </span>}
      {stale ? <s class="al-reading__value">{words}</s> : <span class="al-reading__value">{words}</span>}
      {quality === "suspect" && <span class="al-reading__doubt"> {t("reading.doubt")}</span>}
      {size === "large" && <ReadingAge at={effectiveAt} now={now} />}
    </span>
  );
}

export function ReadingAge(props: { at: string; now: Date }): JSX.Element {
  return (
    <time class="al-reading__age" dateTime={props.at}>
      {whenWords(new Date(props.at), props.now)}
    </time>
  );
}

/** Judged again on this device: a snapshot from this morning may have been fresh when it was kept. */
export function isStale(tile: LatestTile, now: Date): boolean {
  if (tile.stale || !tile.effective_at) return tile.stale;
  return (now.getTime() - Date.parse(tile.effective_at)) / 1000 > tile.stale_after_s;
}

const ORDER: Record<ReadingKind, readonly ValueCode[]> = {
  "blood-pressure": ["systolic", "diastolic"],
  spo2: ["spo2"],
  pulse: ["pulse"],
  weight: ["weight"],
  temperature: ["temperature"],
  glucose: ["glucose"],
  "peak-flow": ["peak-flow"],
};

/** The values of a point or a median in the order they are said: the top number first. */
export function inOrder(kind: ReadingKind, values: Partial<Record<ValueCode, string>>): ReadingValue[] {
  return ORDER[kind].flatMap((code) => {
    const value = values[code];
    return value === undefined ? [] : [{ code, value, special: null, unit: "" }];
  });
}

export function firstCode(kind: ReadingKind): ValueCode {
  return ORDER[kind][0] ?? "spo2";
}
