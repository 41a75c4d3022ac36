// What this phone seals, the service opens: the same envelopes are opened by the service's own test.
// @vitest-environment node
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fromBase64Url, toBase64Url } from "./bytes";
import { seal, type Parcel, type Sealed, type SealKey } from "./seal";

const FILE = join(import.meta.dirname, "../../../tests/phones/sealed_vectors.json");
const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

interface Vector {
  plain: Parcel;
  pair: JsonWebKey;
  iv: string;
  envelope: Sealed;
}
interface Vectors {
  service: SealKey;
  sealed: Vector[];
}

const vectors = JSON.parse(readFileSync(FILE, "utf8")) as Vectors;

async function pairOf(jwk: JsonWebKey): Promise<CryptoKeyPair> {
  const { kty, crv, x, y } = jwk as { kty: string; crv: string; x: string; y: string };
  return {
    privateKey: await crypto.subtle.importKey("jwk", jwk, CURVE, false, ["deriveBits"]),
    publicKey: await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, true, []),
  };
}

const PARCELS: Omit<Parcel, "id" | "ticket" | "path">[] = [
  { method: "POST", body: '{"kind":"weight","values":{"weight":"81.4"}}', ifMatch: null, madeAt: "2026-11-22T08:05:00.000Z", madeOffline: true },
  { method: "PUT", body: '{"body":{"text":"Caffè, “naïve” – 你好 🙂"}}', ifMatch: 'W/"7"', madeAt: "2026-11-22T08:06:00.000Z", madeOffline: false },
  { method: "POST", body: null, ifMatch: null, madeAt: "2026-11-22T08:07:00.000Z", madeOffline: true },
];
const PATHS = ["readings", "plan/sections/today", "concern"];

/** Only when the format changes: `WRITE_VECTORS=1`. Both sides' tests then say whether they still agree. */
async function write(): Promise<void> {
  const patient = "6f1c1b1e-98a5-4d4e-9f0b-0c1d2e3f4a5b";
  const sealed: Vector[] = [];
  for (const [index, parcel] of PARCELS.entries()) {
    const made = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const pair = await crypto.subtle.exportKey("jwk", made.privateKey);
    const iv = toBase64Url(crypto.getRandomValues(new Uint8Array(12)));
    const id = `00000000-0000-4000-8000-00000000000${String(index + 1)}`;
    const path = `/patients/${patient}/${PATHS[index] ?? "readings"}`;
    const plain = { id, ticket: "a-ticket-for-tests", ...parcel, path };
    const envelope = await seal(plain, vectors.service, await pairOf(pair), fromBase64Url(iv));
    sealed.push({ plain, pair, iv, envelope });
  }
  writeFileSync(FILE, `${JSON.stringify({ ...vectors, sealed }, null, 1)}\n`);
  vectors.sealed = sealed;
}

it("seals as the envelopes that the service's test opens", async () => {
  if (process.env["WRITE_VECTORS"]) await write();
  expect(vectors.sealed).toHaveLength(PARCELS.length);
  for (const { plain, pair, iv, envelope } of vectors.sealed)
    expect(await seal(plain, vectors.service, await pairOf(pair), fromBase64Url(iv))).toEqual(envelope);
});

it("never seals the same twice with the same key", async () => {
  const [first] = vectors.sealed;
  if (!first) throw new Error("no vectors");
  const [a, b] = [await seal(first.plain, vectors.service), await seal(first.plain, vectors.service)];
  expect([a.epk === b.epk, a.iv === b.iv, a.ct === b.ct]).toEqual([false, false, false]);
});
