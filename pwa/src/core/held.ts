// Where held messages and corrections are read and changed. A change is sent at once and never queued.
import { request } from "./api";
import { asQuery, change, type KitAnswer } from "./kit";
import { once } from "./resources";
import type { Resource } from "./sync";
import type { LiveEvent } from "./types";
import type {
  Correction,
  Difference,
  HeldList,
  HeldMessage,
  PersonChoice,
  ReplayProgress,
  VoidPreview,
} from "./heldTypes";

export type HeldAnswer<T> = KitAnswer<T>;

export interface HeldQuestion {
  state: string;
  reason: string;
  device: string;
  model: string;
  before: string;
}

export interface Period {
  device: string;
  from_at: string;
  to_at: string;
}

const ofHeld = (event: LiveEvent): boolean => event.t === "quarantine";

export function heldList(asked: HeldQuestion): Resource<HeldList> {
  const query = asQuery({ ...asked });
  return once<HeldList>(`held${query}`, `/quarantine${query}`, ofHeld);
}

export function heldMessage(id: string): Resource<HeldMessage> {
  return once<HeldMessage>(`held/${id}`, `/quarantine/${id}`, ofHeld);
}

export function correctionsOf(device: string): Resource<{ corrections: Correction[] }> {
  return once(`corrections/${device}`, `/corrections${asQuery({ device })}`, ofHeld);
}

export function differenceOf(correction: string): Resource<Difference> {
  return once<Difference>(`difference/${correction}`, `/corrections/${correction}/difference`, ofHeld);
}

export async function peopleFor(message: string, words: string): Promise<PersonChoice[]> {
  // A name or an NHS number stands in no address: proxies write addresses down.
  const answer = await request<{ people: PersonChoice[] }>(`/quarantine/${message}/people`, {
    method: "POST",
    body: { words },
  });
  return answer.body?.people ?? [];
}

export async function progressOf(replay: string): Promise<ReplayProgress | null> {
  return (await request<ReplayProgress>(`/quarantine/replays/${replay}`)).body;
}

/** What a void would take out, and what that would change; nothing is changed by asking. */
export async function lookAt(period: Period): Promise<{ preview: VoidPreview; difference: Difference }> {
  const query = asQuery({ ...period });
  const [preview, difference] = await Promise.all([
    request<VoidPreview>(`/quarantine/voids/preview${query}`),
    request<Difference>(`/quarantine/voids/difference${query}`),
  ]);
  return { preview: preview.body as VoidPreview, difference: difference.body as Difference };
}

export function post<T>(path: string, body: unknown, key: string): Promise<HeldAnswer<T>> {
  return change<T>({ path, body, version: null, key });
}
