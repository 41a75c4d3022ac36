// A small model of the service for tests of the phone: it keeps repeats, versions, sealed commands and faults as the real one does.
import { fromBase64Url, textOf, toBase64Url, utf8 } from "../core/bytes";
import type { Parcel, Sealed, SealKey } from "../core/seal";

/** What happens to the next request, whatever it is. */
export type Fault = "offline" | "lost-reply" | "500" | "503" | "429" | "401" | "portal" | "hang";

interface Stored {
  hash: string;
  status: number;
  body: unknown;
  etag: string | null;
}

interface Shape {
  /** By account and id of the command. */
  answers: Record<string, Stored>;
  /** One row for each thing that was done: the marker in the body. */
  rows: string[];
  texts: Record<string, { version: number; text: string }>;
  held: Record<string, Parcel>;
  tickets: Record<string, string>;
}

interface Request {
  method: string;
  path: string;
  text: string | null;
  headers: Headers;
}

const json = (status: number, body: unknown, etag: string | null = null): Response =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...(etag ? { ETag: etag } : {}) },
  });
const problem = (status: number, code: string, more: object = {}): Response =>
  json(status, { title: code, status, kind: "conflict", code, detail: code, ...more });

/** What answers in the place of the service. */
const INSTEAD: Partial<Record<Fault, () => Promise<Response>>> = {
  hang: () => new Promise(() => undefined),
  offline: () => Promise.reject(new TypeError("offline")),
  "500": () => Promise.resolve(problem(500, "fault")),
  "503": () => Promise.resolve(problem(503, "fault")),
  "429": () => Promise.resolve(problem(429, "too-many-attempts")),
  portal: () =>
    Promise.resolve(new Response("<h1>Welcome to our wifi", { headers: { "Content-Type": "text/html" } })),
};

export class ModelService {
  shape: Shape = { answers: {}, rows: [], texts: {}, held: {}, tickets: {} };
  /** Who is signed in, by the cookie of the one browser. */
  signedIn: string | null = null;
  shutOut = false;
  wiped = 0;
  isOnline = true;
  faults: Fault[] = [];
  /** What was asked, for tests of order and of repeats. */
  asked: string[] = [];
  private keys: CryptoKeyPair | null = null;
  private csrf = 0;

  async start(): Promise<void> {
    this.keys = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  }

  async sealKey(): Promise<SealKey> {
    const raw = await crypto.subtle.exportKey("raw", this.key().publicKey);
    return { kid: "model", public_key: toBase64Url(new Uint8Array(raw)) };
  }

  /** A backup, for `restore`. */
  backup(): Shape {
    return structuredClone(this.shape);
  }

  /** As after a disk was lost: what came since is gone. Tickets and accounts are those of the backup. */
  restore(shape: Shape): void {
    this.shape = { ...structuredClone(shape), tickets: this.shape.tickets };
  }

  private key(): CryptoKeyPair {
    if (!this.keys) throw new Error("start() first");
    return this.keys;
  }

  fetch = async (address: string | URL | globalThis.Request, init: RequestInit = {}): Promise<Response> => {
    const path = (address as string).replace("/api/v1", "");
    const request: Request = {
      method: init.method ?? "GET",
      path,
      text: typeof init.body === "string" ? init.body : null,
      headers: new Headers(init.headers),
    };
    const fault = this.isOnline ? this.faults.shift() : "offline";
    const instead = fault && INSTEAD[fault];
    if (instead) return instead();
    if (fault === "401") this.signedIn = null;
    this.asked.push(`${request.method} ${path}`);
    const answer = await this.answer(request);
    if (fault === "lost-reply") throw new TypeError("lost");
    return answer;
  };

  private async answer(request: Request): Promise<Response> {
    const { method, path } = request;
    const said = JSON.parse(request.text ?? "{}") as unknown;
    if (path === "/outbox/sealed") return this.takeSealed(said as Sealed);
    if (path === "/phones/wiped") {
      this.wiped += 1;
      return json(204, null);
    }
    if (path === "/session" && method === "POST") return this.signIn(said as SignIn);
    if (this.signedIn === null) return problem(401, this.shutOut ? "phone-revoked" : "signed-out");
    return this.answerTo(this.signedIn, request, said);
  }

  private async answerTo(account: string, request: Request, said: unknown): Promise<Response> {
    const { method, path } = request;
    if (path === "/session") return this.session(method);
    if (path === "/outbox/known") return this.known(account, said as { ids: string[] });
    if (path === "/outbox/held") return json(200, { items: this.heldOf() });
    if (method === "GET") return json(200, {}, 'W/"1"');
    if (request.headers.get("X-CSRF-Token") !== String(this.csrf)) return problem(403, "csrf");
    return this.repeatable(account, request);
  }

  private async signIn(body: SignIn): Promise<Response> {
    this.signedIn = body.username;
    this.shutOut = false;
    this.csrf += 1;
    const ticket = body.phone ? `ticket-${crypto.randomUUID()}` : null;
    if (ticket) this.shape.tickets[ticket] = body.username;
    this.phone = body.phone ?? null;
    return json(200, { ...(await this.who()), upload_ticket: ticket });
  }

  private phone: SignIn["phone"] | null = null;

  private async who(): Promise<object> {
    return {
      audience: "person",
      kind: "patient",
      display_name: `Name of ${String(this.signedIn)}`,
      csrf: String(this.csrf),
      expires_at: "2027-01-01T00:00:00Z",
      patients: [{ id: `p-${String(this.signedIn)}`, display_name: `Name of ${String(this.signedIn)}`, relation: "self" }],
      team: null,
      role: null,
      demo: false,
      account: this.signedIn,
      phone: this.phone ? { id: this.phone.id, kind: this.phone.kind } : null,
      upload_ticket: null,
      seal_key: await this.sealKey(),
      lock_after_s: 300,
    };
  }

  private async session(method: string): Promise<Response> {
    if (method !== "DELETE") return json(200, await this.who());
    this.signedIn = null;
    return json(204, null);
  }

  private known(account: string, body: { ids: string[] }): Response {
    const isHere = (id: string): boolean => `${account}|${id}` in this.shape.answers || id in this.shape.held;
    return json(200, { unknown: body.ids.filter((id) => !isHere(id)) });
  }

  private heldOf(): object[] {
    return Object.values(this.shape.held).map((parcel) => ({
      id: parcel.id,
      patient: parcel.path.split("/")[2],
      path: parcel.path,
      body: parcel.body,
      made_at: parcel.madeAt,
      received_at: parcel.madeAt,
      problem: { status: 412, code: "changed-meanwhile", detail: "" },
    }));
  }

  /** One transaction: the change, and the answer that a repeat gets. */
  private repeatable(account: string, request: Request): Response {
    const id = request.headers.get("Idempotency-Key") ?? "";
    const hash = JSON.stringify([request.method, request.path, request.headers.get("If-Match"), request.text]);
    const before = this.shape.answers[`${account}|${id}`];
    if (before) {
      if (before.hash !== hash) return problem(422, "idempotency-key-reused");
      return json(before.status, before.body, before.etag);
    }
    const made = this.change(request);
    if ("refused" in made) return made.refused;
    this.shape.answers[`${account}|${id}`] = { hash, ...made };
    return json(made.status, made.body, made.etag);
  }

  private change(request: Request): Omit<Stored, "hash"> | { refused: Response } {
    const body = JSON.parse(request.text ?? "{}") as { marker: string; bad?: boolean };
    if (body.bad) return { refused: problem(422, "impossible", { errors: {} }) };
    if (!request.path.includes("/sections/")) {
      this.shape.rows.push(body.marker);
      return { status: 201, body: { received_at: "now" }, etag: null };
    }
    const now = this.shape.texts[request.path] ?? { version: 0, text: "" };
    if (request.headers.get("If-Match") !== `W/"${String(now.version)}"`)
      return { refused: problem(412, "changed-meanwhile", { current: now }) };
    const next = { version: now.version + 1, text: body.marker };
    this.shape.texts[request.path] = next;
    this.shape.rows.push(body.marker);
    return { status: 200, body: next, etag: `W/"${String(next.version)}"` };
  }

  /** Somebody else edits the same text. */
  editElsewhere(path: string): void {
    const now = this.shape.texts[path] ?? { version: 0, text: "" };
    this.shape.texts[path] = { version: now.version + 1, text: "by somebody else" };
  }

  private async takeSealed(sealed: Sealed): Promise<Response> {
    let parcel: Parcel;
    try {
      parcel = await this.open(sealed);
    } catch {
      return problem(422, "cannot-open");
    }
    const account = this.shape.tickets[parcel.ticket];
    if (account === undefined) return problem(422, "ticket-unknown");
    if (parcel.id in this.shape.held) return json(202, { held: true });
    const headers = new Headers({ "Idempotency-Key": parcel.id });
    if (parcel.ifMatch) headers.set("If-Match", parcel.ifMatch);
    const answer = this.repeatable(account, { method: parcel.method, path: parcel.path, text: parcel.body, headers });
    if (answer.ok) return json(204, null);
    this.shape.held[parcel.id] = parcel;
    return json(202, { held: true });
  }

  async open(sealed: Sealed): Promise<Parcel> {
    const epk = fromBase64Url(sealed.epk);
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", epk, curve, false, []);
    const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, this.key().privateKey, 256);
    const secret = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: epk, info: utf8("alongside outbox 1") };
    const lock = await crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const aes = { name: "AES-GCM", iv: fromBase64Url(sealed.iv) };
    return JSON.parse(textOf(await crypto.subtle.decrypt(aes, lock, fromBase64Url(sealed.ct)))) as Parcel;
  }
}

interface SignIn {
  username: string;
  phone?: { id: string; kind: "own" | "shared"; label: string };
}
