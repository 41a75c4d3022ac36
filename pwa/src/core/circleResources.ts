// Who may see a record and who looked: each address once, shared by every screen that shows it.
import { once } from "./resources";
import type { Circle, LookedPage } from "./circleTypes";
import type { Resource } from "./sync";

const never = (): boolean => false;

export function circleOf(patient: string): Resource<Circle> {
  return once<Circle>(`circle/${patient}`, `/patients/${patient}/circle`, never);
}

/** `from`: the last day to show; null for today. */
export function lookedOf(patient: string, from: string | null): Resource<LookedPage> {
  const question = from ? `?from=${encodeURIComponent(from)}` : "";
  return once<LookedPage>(`looked/${patient}${question}`, `/patients/${patient}/looked${question}`, never);
}
