// What can be measured, for a phone that has not been told yet what a value means for its person.
// The ranges are the service's own; bands are only those that hold for everybody, whatever their target.
import type { Band, TakenCode, TakenKind, Taking } from "./selfTypes";
import type { ReadingKind, ValueCode } from "./types";

export const TAKE_KINDS: readonly ReadingKind[] = [
  "blood-pressure",
  "spo2",
  "weight",
  "glucose",
  "temperature",
  "pulse",
  "peak-flow",
];

/** International Hypoglycaemia Study Group and the UK's "four is the floor". */
export const HYPO_UNDER = "4";

const band = (from: string, to: string, level: Band["level"]): Band => ({ from, to, level });

function code(
  name: ValueCode,
  step: "1" | "0.1",
  hard: [string, string],
  soft: [string, string],
  bands: Band[] = [],
): TakenCode {
  return { code: name, unit: "", step, hard, soft, range: null, bands };
}

/** RCP NEWS2 2017 and NICE NG136 at their reddest; oxygen only where no prescribed target could make it right. */
const CODES: Record<ReadingKind, TakenCode[]> = {
  "blood-pressure": [
    code("systolic", "1", ["40", "300"], ["70", "230"], [band("40", "90", "urgent"), band("180", "300", "urgent")]),
    code("diastolic", "1", ["20", "200"], ["40", "140"], [band("120", "200", "urgent")]),
  ],
  spo2: [code("spo2", "1", ["30", "100"], ["75", "100"], [band("30", "83", "emergency")])],
  weight: [code("weight", "0.1", ["10", "350"], ["30", "250"])],
  glucose: [
    code("glucose", "0.1", ["0.3", "60"], ["1.1", "33.3"], [
      band("0.3", "2.9", "emergency"),
      band("3", "3.9", "urgent"),
      band("30", "60", "emergency"),
    ]),
  ],
  temperature: [
    code("temperature", "0.1", ["25", "45"], ["34", "41.5"], [band("25", "35", "urgent"), band("39.1", "45", "soon")]),
  ],
  pulse: [
    code("pulse", "1", ["20", "300"], ["35", "180"], [band("20", "40", "urgent"), band("131", "300", "urgent")]),
  ],
  "peak-flow": [code("peak-flow", "1", ["30", "1000"], ["60", "800"])],
};

/** The kind as this person's service described it, or as it is for everybody. */
export function takenKind(taking: Taking | null, kind: ReadingKind): TakenKind {
  const told = taking?.kinds.find((one) => one.kind === kind);
  return told ?? { kind, expected: false, device: null, codes: CODES[kind], acts: null };
}
