// In how many working days each GP practice has said that it answers, for the administrator who writes it down.
import { once } from "./resources";
import type { Resource } from "./sync";

export interface PracticeDays {
  id: string;
  name: string;
  /** Null: the practice has said nothing, and the default counts. */
  working_days: number | null;
  said_on: string | null;
}

export interface AllPracticeDays {
  /** Working days where a practice has said nothing. */
  unsaid: number;
  rows: PracticeDays[];
}

export function practiceDays(): Resource<AllPracticeDays> {
  return once<AllPracticeDays>("practice-days", "/organizations/promises", () => false);
}
