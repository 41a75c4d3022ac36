// Where kit is read and changed. A change is sent at once and never queued: a colleague may hold the same box.
import { ApiError, request } from "./api";
import { once } from "./resources";
import { pullAll, type Resource } from "./sync";
import type { KitDetail, KitList, KitPeople, Recall, RecallAsked } from "./kitTypes";
import type { LiveEvent } from "./types";

export interface KitQuestion {
  state: string;
  flag: string;
  q: string;
}

const ofDevices = (event: LiveEvent): boolean => event.t === "device";

/** "?state=live&q=ox", or nothing; names without a value are left out. */
export function asQuery(values: Record<string, string | null>): string {
  const said = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = new URLSearchParams(said).toString();
  return query ? `?${query}` : "";
}

/** What somebody typed may be a person's name, which stands in no address: such a list is asked for by POST. */
export function kitList(question: KitQuestion): Resource<KitList> {
  const { q, ...filters } = question;
  const name = `kit/list${asQuery({ ...question })}`;
  if (!q) return once<KitList>(name, `/kit${asQuery(filters)}`, ofDevices);
  const body = Object.fromEntries(Object.entries(question).filter(([, value]) => value));
  return once<KitList>(name, "/kit/search", ofDevices, undefined, body);
}

export function kitOf(id: string): Resource<KitDetail> {
  return once<KitDetail>(`kit/${id}`, `/kit/${id}`, ofDevices);
}

/** Whom kit may be given to: the people on the caller's caseload. */
export function kitPeople(): Resource<KitPeople> {
  return once<KitPeople>("kit/people", "/kit/people", () => false);
}

export function recallOf(asked: RecallAsked): Resource<Recall> {
  const query = asQuery({ ...asked });
  return once<Recall>(`kit/recall${query}`, `/kit/recall${query}`, () => false);
}

export interface KitChange {
  path: string;
  body: unknown;
  /** The version the screen shows; null where the server asks for none. */
  version: number | null;
  /** Made once for one intention, so that a second try after a lost answer acts once. */
  key: string;
  /** POST where nothing is said. */
  method?: "POST" | "PUT";
}

export type KitAnswer<T> = { kind: "done"; body: T | null } | { kind: "refused"; error: ApiError };

export async function change<T>(asked: KitChange): Promise<KitAnswer<T>> {
  try {
    const answer = await request<T>(asked.path, {
      method: asked.method ?? "POST",
      body: asked.body,
      idempotencyKey: asked.key,
      ...(asked.version === null ? {} : { ifMatch: `W/"${String(asked.version)}"` }),
    });
    return { kind: "done", body: answer.body };
  } catch (cause) {
    const error = cause instanceof ApiError ? cause : new ApiError("no-network", 0, null);
    return { kind: "refused", error };
  } finally {
    pullAll();
  }
}
