// How a member of staff is reached. Numbers are asked for each time and never kept on a device that others use.
import { ApiError, request } from "./api";

export interface ReachTest {
  asked_at: string;
  state: string;
  channel: string;
  handed_over_at: string | null;
  why: string | null;
}

export interface ReachOther {
  id: string;
  name: string;
  role: string;
  ways: string[];
}

export interface Reach {
  as_of: string;
  id: string;
  name: string;
  sms: string | null;
  email: string | null;
  browsers: number;
  browsers_confirmed: number;
  /** What is tried first, second and third. */
  order: string[];
  /** What leads to them now; empty when nothing does. */
  ways: string[];
  /** What this service can send by. */
  channels: string[];
  test: ReachTest | null;
  others: ReachOther[];
}

/** Where one's own ways stand, or a colleague's. */
export function reachPath(id: string | null): string {
  return id === null ? "/me/reach" : `/staff/${id}/reach`;
}

/** The answer, or why there is none. */
export async function readReach(id: string | null): Promise<Reach | ApiError> {
  try {
    return (await request<Reach>(reachPath(id))).body ?? new ApiError("not-the-service", 200, null);
  } catch (cause) {
    return cause instanceof ApiError ? cause : new ApiError("no-network", 0, null);
  }
}

/** The order with one way put first. */
export function firstOf(order: readonly string[], first: string): string[] {
  return [first, ...order.filter((one) => one !== first)];
}
