// A passkey that stays on the phone: its PRF extension gives a secret after a finger, a face or the phone's code.
import type { Bytes } from "./bytes";

const NAME = "Alongside";

interface PrfResults {
  prf?: { enabled?: boolean; results?: { first?: BufferSource } };
}

function secretOf(credential: Credential | null): Bytes | null {
  const found = credential as PublicKeyCredential | null;
  const first = (found?.getClientExtensionResults() as PrfResults | undefined)?.prf?.results?.first;
  if (!first) return null;
  const view = first instanceof ArrayBuffer ? new Uint8Array(first) : first;
  return new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Whether this phone can ask for a finger, a face or its code at all. */
export async function hasPasskeys(): Promise<boolean> {
  if (typeof PublicKeyCredential === "undefined") return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** Null: the phone has no way, the person said no, or the passkey keeps no secret. Nothing goes to a server. */
export async function makePasskey(salt: Bytes): Promise<{ credential: Bytes; secret: Bytes } | null> {
  if (!(await hasPasskeys())) return null;
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    rp: { name: NAME },
    user: { id: crypto.getRandomValues(new Uint8Array(16)), name: NAME, displayName: NAME },
    pubKeyCredParams: [
      { type: "public-key", alg: -7 },
      { type: "public-key", alg: -257 },
    ],
    authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required" },
    extensions: { prf: { eval: { first: salt } } },
  };
  try {
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
    if (!made) return null;
    const credential = new Uint8Array(made.rawId);
    // Some phones give the secret only when the passkey is used, so it is used once.
    const secret = secretOf(made) ?? (await askPasskey(credential, salt));
    return secret && { credential, secret };
  } catch {
    return null;
  }
}

export async function askPasskey(credential: Bytes, salt: Bytes): Promise<Bytes | null> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: crypto.getRandomValues(new Uint8Array(32)),
    allowCredentials: [{ type: "public-key", id: credential }],
    userVerification: "required",
    extensions: { prf: { eval: { first: salt } } },
  };
  try {
    return secretOf(await navigator.credentials.get({ publicKey }));
  } catch {
    return null;
  }
}
