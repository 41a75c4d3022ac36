// The pages of adding a person in their order, and which of them are still to do.
import type { Joining } from "../../core/caseTypes";
import { t, wordFor } from "../../core/words";

/** Before the record there is a draft; after "check" it is a person, who then gets kit and a phone. */
export const STEPS = [
  "nhs-number",
  "who",
  "reach",
  "contacts",
  "needs",
  "consent",
  "helpers",
  "pathways",
  "targets",
  "facts",
  "board",
  "check",
  "kit",
  "phone",
  "live",
] as const;
export type Step = (typeof STEPS)[number];

/** Under which name the server keeps what a page asks. */
const SAVED: Partial<Record<Step, string>> = {
  "nhs-number": "identity",
  who: "identity",
  contacts: "contacts",
  needs: "needs",
  consent: "consent",
  pathways: "pathways",
  facts: "facts",
  board: "board",
};

export function isStep(text: string): text is Step {
  return (STEPS as readonly string[]).includes(text);
}

export function stepWords(step: Step): string {
  return wordFor("joinStep", step) ?? step;
}

/** "Step 3 of 15". */
export function placeWords(step: Step): string {
  return t("join.place", { step: STEPS.indexOf(step) + 1, all: STEPS.length });
}

export function nextOf(step: Step): Step {
  return STEPS[STEPS.indexOf(step) + 1] ?? step;
}

export function beforeOf(step: Step): Step | null {
  return STEPS[STEPS.indexOf(step) - 1] ?? null;
}

export function pathOf(joining: string, step: string): string {
  return `/team/join/${joining}/${step}`;
}

/** Where to carry on: the first page whose answers are not saved, or what comes after them. */
export function openStep(joining: Joining): Step {
  if (joining.patient) return afterwards(joining);
  const open = STEPS.find((step) => {
    const saved = SAVED[step];
    return saved !== undefined && !joining.done.includes(saved);
  });
  return open ?? "check";
}

function afterwards(joining: Joining): Step {
  if (joining.conflicts.length > 0) return "targets";
  if (joining.kit.length === 0 || !joining.first_reading) return "kit";
  return joining.paired ? "live" : "phone";
}

/** True for a page that may not be changed any more: the record says it now. */
export function isShut(step: Step, joining: Joining): boolean {
  const shut: readonly Step[] = ["nhs-number", "who", "reach", "consent", "helpers"];
  return joining.patient !== null && shut.includes(step);
}
