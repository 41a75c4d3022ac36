// Ways in which something saved could come back, stand in the way, or be read by the wrong person.
import "fake-indexeddb/auto";
import { h, render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ModelService } from "../testing/modelService";
import { emptyPhone, openApp, reading, type PhoneInTest } from "../testing/phoneInTest";

let service: ModelService;
let app: PhoneInTest;

beforeEach(async () => {
  emptyPhone();
  service = new ModelService();
  await service.start();
  app = await openApp(service);
  await app.session.signIn("rose", "pw", "own");
  await app.flush.flush();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("the outbox", () => {
  it("does not send what was let go in another tab", async () => {
    vi.stubGlobal("BroadcastChannel", HeardAtOnce);
    app = await openApp(service);
    const second = await openApp(service, { keepLast: true });
    service.isOnline = false;
    const { id } = await app.outbox.add(reading("rose", "a"));
    await second.outbox.discard(id);
    await later();
    service.isOnline = true;
    await app.flush.flush();
    expect(service.shape.rows).toEqual([]);
    expect(app.outbox.outboxState.get().items).toEqual([]);
  });
  it("goes on although a full disk cannot keep what was acknowledged", async () => {
    service.isOnline = false;
    for (const marker of ["a", "b"]) await app.outbox.add(reading("rose", marker));
    service.isOnline = true;
    const put = Reflect.get(IDBObjectStore.prototype, "put") as (this: IDBObjectStore, ...said: unknown[]) => never;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...said) {
      if (this.name === "acknowledged") throw new DOMException("full", "QuotaExceededError");
      return put.apply(this, said);
    });
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a", "b"]);
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [], sealed: 0 });
  });
  it("sends the rest although a full disk cannot keep why the first was refused", async () => {
    service.isOnline = false;
    await app.outbox.add({ ...reading("rose", "bad"), body: { marker: "bad", bad: true } });
    await app.outbox.add(reading("rose", "b"));
    service.isOnline = true;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore) {
      throw new DOMException("full", "QuotaExceededError");
    });
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["b"]);
  });
  it("is not shown as it was by a slow look that began before a quick one", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
    let go = (): void => undefined;
    const held = new Promise<void>((done) => (go = done));
    vi.spyOn(crypto.subtle, "decrypt").mockImplementationOnce(async (...said) => {
      await held;
      return decrypt(...said);
    });
    const slow = app.outbox.refresh();
    await later();
    await app.outbox.add(reading("rose", "b"));
    go();
    await slow;
    expect(app.outbox.outboxState.get().items).toHaveLength(2);
  });
});

describe("a lock", () => {
  it("that was tried too often stays shut when the page is closed in that moment", async () => {
    await app.vault.setPin("246810");
    app = await openApp(service);
    for (let n = 0; n < 10; n++) await app.vault.openWithPin("000000");
    app = await openApp(service);
    expect(app.session.sessionState.get().kind).toBe("out");
  }, 60_000);
});

type Made = (...said: unknown[]) => Promise<CryptoKey & CryptoKeyPair>;

describe("a key", () => {
  it("that two saves ask for at once is one key, so that both can be read later", async () => {
    await app.session.signIn("rose", "pw", "shared");
    service.isOnline = false;
    const generate = crypto.subtle.generateKey.bind(crypto.subtle) as unknown as Made;
    let made = 0;
    const slowSecond: Made = async (...said) => {
      const key = await generate(...said);
      if (said[1] === true && ++made === 2) await later();
      return key;
    };
    vi.spyOn(crypto.subtle, "generateKey").mockImplementation(slowSecond);
    // Not about one person, so the right of a phone cannot bring it: only its author's key reads it.
    const own = (marker: string) => ({ ...reading("rose", marker), what: "settings", path: "/settings" }) as const;
    await Promise.all([app.outbox.add(own("a")), app.outbox.add(own("b"))]);
    app = await openApp(service);
    const { items, sealed } = app.outbox.outboxState.get();
    expect([items.map(({ what }) => what), sealed]).toEqual([["settings", "settings"], 0]);
  });
});

describe("a draft", () => {
  it("does not come back after it was saved, however long it took to keep its last word", async () => {
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, "encrypt").mockImplementationOnce(async (...said) => {
      await later();
      return encrypt(...said);
    });
    void app.drafts.keepDraft("a", { words: "last" });
    await app.drafts.forgetDraft("a");
    await later();
    await later();
    expect(await app.drafts.readDraft("a")).toBeNull();
  });
});

describe("the next person at the same page", () => {
  it("finds nothing of what the one before typed, saved or answered", async () => {
    await app.session.signIn("rose", "pw", "shared");
    service.isOnline = false;
    const { saveReading, savedReading } = await import("./selfReadings");
    const { useAnswering } = await import("../parts/useAnswering");
    const { useTaken } = await import("../screens/take-hand/useTaken");
    const asking = { kind: "spo2", codes: [], asksOxygen: false, usual: {} } as const;
    const typed = { values: { spo2: "91" } };
    const taken = { ...typed, oxygen: null, litres: null, repeated: false, sure: false, unwell: null, startedAt: null };
    const id = await saveReading("p-rose", asking, taken);
    const answering = await seen(() => useAnswering("check-in/p-rose/low-mood"));
    answering().change({ answers: { "q-1": "3" } });
    const taking = await seen(() => useTaken("take/p-rose/spo2"));
    taking().change(typed);
    await app.session.signOut().catch(() => undefined);
    expect(savedReading(id)).toBeNull();
    expect((await seen(() => useAnswering("check-in/p-rose/low-mood")))().answering.answers).toEqual({});
    expect((await seen(() => useTaken("take/p-rose/spo2")))().taken.values).toEqual({});
  });
});

describe("a locked phone", () => {
  it("does not show what was typed before, and has it again once it is open", async () => {
    await app.vault.setPin("246810");
    const { useTaken } = await import("../screens/take-hand/useTaken");
    (await seen(() => useTaken("take/p-rose/spo2")))().change({ values: { spo2: "91" } });
    await later();
    (await import("./away")).lockNow();
    expect((await seen(() => useTaken("take/p-rose/spo2")))().taken.values).toEqual({});
    await app.vault.openWithPin("246810");
    expect((await seen(() => useTaken("take/p-rose/spo2")))().taken.values).toEqual({ spo2: "91" });
  }, 60_000);
});

describe("what may not be seen any more", () => {
  it("is not shown again from this phone after the service has said so", async () => {
    const { createResource } = await import("./sync");
    await app.store.writeSnapshot("person", "home/p-sam", { etag: null, savedAt: Date.now(), body: { name: "Sam" } });
    const gone = JSON.stringify({ title: "", status: 404, kind: "not-found", code: "not-found", detail: "" });
    const headers = { "Content-Type": "application/json" };
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(gone, { status: 404, headers })));
    const resource = createResource("home/p-sam", "/patients/p-sam/nowhere", () => false);
    await resource.pull();
    expect(resource.view.get().trouble?.status).toBe(404);
    expect(await app.store.readSnapshot("person", "home/p-sam")).toBeNull();
  });
});

/** What a hook says on a page that was just opened. */
async function seen<T>(hook: () => T): Promise<() => T> {
  let now: T | undefined;
  const Page = (): null => {
    now = hook();
    return null;
  };
  render(h(Page, null), document.createElement("div"));
  await later();
  return () => now as T;
}

/** As BroadcastChannel between the tabs of one browser. */
class HeardAtOnce {
  static readonly all = new Set<HeardAtOnce>();
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    HeardAtOnce.all.add(this);
  }
  postMessage(data: unknown): void {
    for (const one of HeardAtOnce.all) if (one !== this) one.onmessage?.({ data });
  }
}

const later = (): Promise<void> => new Promise((done) => setTimeout(done, 30));
