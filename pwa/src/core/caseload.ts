// Where people who join, live here and leave are read and changed. A change is sent at once and never queued.
import { ApiError, request } from "./api";
import { asQuery, change, type KitAnswer } from "./kit";
import { once } from "./resources";
import { sessionState } from "./session";
import { createState } from "./state";
import type { Resource } from "./sync";
import type {
  BoardWords,
  Care,
  Caseload,
  Joining,
  Joinings,
  Known,
  PairingCode,
  PathwayChoice,
  Staff,
} from "./caseTypes";
import type { Rota } from "./rotaTypes";
import type { LiveEvent } from "./types";

const never = (): boolean => false;
/** A first reading, a piece of kit or an alert changes what these pages say. */
const ofPeople = (event: LiveEvent): boolean =>
  event.t === "observation" || event.t === "alert" || event.t === "device";

export function joinings(): Resource<Joinings> {
  return once<Joinings>("joinings", "/joinings", never);
}

export function joiningOf(id: string): Resource<Joining> {
  return once<Joining>(`joining/${id}`, `/joinings/${id}`, ofPeople);
}

export function pathwayChoices(): Resource<{ rows: PathwayChoice[] }> {
  return once("joinings/pathways", "/joinings/pathways", never);
}

export function boardWords(): Resource<BoardWords> {
  return once<BoardWords>("joinings/board-words", "/joinings/board-words", never);
}

export interface CaseQuestion {
  status: string;
  q: string;
}

/** What somebody typed may be a person's name, which stands in no address: such a list is asked for by POST. */
export function caseload(asked: CaseQuestion): Resource<Caseload> {
  const { status, q } = asked;
  if (!q) return once<Caseload>(`caseload/${status}`, `/caseload${asQuery({ status })}`, ofPeople);
  const body = status ? { q, status } : { q };
  return once<Caseload>(`caseload/${status}/${q}`, "/caseload/search", ofPeople, undefined, body);
}

export function careOf(id: string): Resource<Care> {
  return once<Care>(`care/${id}`, `/patients/${id}/care`, ofPeople);
}

export function rotaOf(day: string): Resource<Rota> {
  return once<Rota>(`rota/${day}`, `/rota${asQuery({ day })}`, never);
}

export function staffList(): Resource<Staff> {
  return once<Staff>("staff", "/staff", never);
}

/** Whether somebody here has this NHS number. Raises ApiError; 422 when it is none. */
export async function knownAs(nhsNumber: string): Promise<Known | null> {
  const answer = await request<Known>("/joinings/nhs-number", {
    method: "POST",
    body: { nhs_number: nhsNumber },
  });
  return answer.body;
}

/** A code is shown this once, so it is asked for without a key: a stored answer would be a second place for it. */
export async function pairingCode(path: string, body: object): Promise<PairingCode | null> {
  return (await request<PairingCode>(path, { method: "POST", body })).body;
}

export async function removeShift(id: string): Promise<KitAnswer<null>> {
  try {
    await request(`/rota/${id}`, { method: "DELETE" });
    return { kind: "done", body: null };
  } catch (cause) {
    return { kind: "refused", error: cause instanceof ApiError ? cause : new ApiError("no-network", 0, null) };
  }
}

export { change };

/**
 * The NHS number that was checked for a draft, until the next page saves it with the name. It is in memory only:
 * it belongs into no address and, before somebody is known, on no disk.
 */
export const checkedNumber = createState<{ joining: string; number: string } | null>(null);

/** The number checked a moment ago, or the saved one; null when neither is there any more. */
export function numberOf(joining: Joining): string | null {
  const checked = checkedNumber.get();
  return checked?.joining === joining.id ? checked.number : (joining.steps.identity?.nhs_number ?? null);
}

sessionState.subscribe(() => {
  if (sessionState.get().kind === "out") checkedNumber.set(null);
});
