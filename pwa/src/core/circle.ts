// Who may see what: asked of the service there and then, because a promise about privacy must not wait for a signal.
import { request } from "./api";
import type { Allowed, Circle, InvitationCode, Invited } from "./circleTypes";

const at = (patient: string, rest: string): string => `/patients/${patient}${rest}`;
const once = (): { idempotencyKey: string } => ({ idempotencyKey: crypto.randomUUID() });

/** The code is shown this once; asked again with the same `id`, the invitation has another. Raises ApiError. */
export async function sendInvitation(
  patient: string,
  id: string,
  body: Allowed & { for_name: string; relation: string },
): Promise<InvitationCode | null> {
  return (await request<InvitationCode>(at(patient, `/invitations/${id}`), { method: "PUT", body, ...once() })).body;
}

export async function withdrawInvitation(patient: string, id: string): Promise<void> {
  await request(at(patient, `/invitations/${id}/withdraw`), { method: "POST", ...once() });
}

export async function changeHelper(
  patient: string,
  helper: { id: string; version: number },
  body: Allowed,
): Promise<void> {
  const ifMatch = `W/"${String(helper.version)}"`;
  await request<Circle>(at(patient, `/people/${helper.id}`), { method: "PUT", body, ifMatch, ...once() });
}

export async function endHelper(patient: string, id: string): Promise<void> {
  await request<Circle>(at(patient, `/people/${id}/end`), { method: "POST", ...once() });
}

/** A carer steps back. */
export async function handBack(patient: string): Promise<void> {
  await request(at(patient, "/hand-back"), { method: "POST", ...once() });
}

/** `jpeg`: base64, at most 200 kB. */
export async function putPhoto(patient: string, jpeg: string): Promise<void> {
  await request(at(patient, "/photo"), { method: "PUT", body: { jpeg }, ...once() });
}

export async function removePhoto(patient: string): Promise<void> {
  await request(at(patient, "/photo"), { method: "DELETE", ...once() });
}

/** Who invites and for what. Raises ApiError: 404 for a code that is unknown, used, withdrawn or over; 429. */
export async function readInvitation(code: string): Promise<Invited | null> {
  return (await request<Invited>("/invitation", { method: "POST", body: { code }, ...once() })).body;
}
