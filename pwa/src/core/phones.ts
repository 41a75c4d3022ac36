// The phones somebody signs in on, for finding the one they lost and shutting it out.
import { request } from "./api";
import { once } from "./resources";
import type { Resource } from "./sync";

export interface PhoneRow {
  id: string;
  kind: "own" | "shared";
  label: string;
  since: string;
  last_seen_at: string;
  /** The one that asks. */
  this: boolean;
}

export interface ShutOutPhone {
  id: string;
  label: string;
  shut_out_at: string;
  /** When it said that nothing is left on it; null: it has not been heard of since. */
  wiped_at: string | null;
  /** How many changes it brought since. */
  brought: number;
}

export interface Phones {
  phones: PhoneRow[];
  shut_out: ShutOutPhone[];
}

export function myPhones(): Resource<Phones> {
  return once<Phones>("phones", "/phones", () => false);
}

/** Of a person, for their team. */
export function phonesOf(patient: string): Resource<Phones> {
  return once<Phones>(`phones/${patient}`, `/patients/${patient}/phones`, () => false);
}

/** Raises ApiError. For a person who lost it and rang. */
export async function shutOutFor(patient: string, id: string): Promise<void> {
  await request(`/patients/${patient}/phones/${id}/revoke`, { method: "POST" });
  await phonesOf(patient).pull();
}

/** Raises ApiError. Not kept for later: whoever lost a phone must know at once whether it is shut out. */
export async function shutPhoneOut(id: string): Promise<void> {
  await request(`/phones/${id}/revoke`, { method: "POST" });
  await myPhones().pull();
}
