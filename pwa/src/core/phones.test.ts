// Whose phone it is decides what can be found on it; whatever was recorded arrives all the same.
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ModelService } from "../testing/modelService";
import { edit, emptyPhone, openApp, reading, type PhoneInTest } from "../testing/phoneInTest";

let service: ModelService;
let app: PhoneInTest;

beforeEach(async () => {
  emptyPhone();
  service = new ModelService();
  await service.start();
  app = await openApp(service);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const signIn = async (who: string, kind: "own" | "shared"): Promise<void> => {
  await app.session.signIn(who, "pw", kind);
  await app.flush.flush();
};
const look = (body: unknown) => ({ etag: null, savedAt: Date.now(), body });
const state = () => app.session.sessionState.get().kind;

/** Every byte of every table, as somebody with the disk would look for a word. */
async function onTheDisk(): Promise<string> {
  const found: unknown[] = [];
  await app.database.withStore(async (db) => {
    for (const table of ["snapshots", "vault", "outbox", "acknowledged"] as const)
      found.push(await db.getAllKeys(table), await db.getAll(table));
  });
  const text = (value: unknown): unknown => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    return value;
  };
  return JSON.stringify(found, (_key, value: unknown) => text(value)) + JSON.stringify(Object.entries(localStorage));
}

describe("a person's own phone", () => {
  beforeEach(() => signIn("rose", "own"));

  it("shows what it kept after a cold start without a network, and keeps it encrypted", async () => {
    await app.store.writeSnapshot("person", "home/p-rose", look({ systolic: "13837" }));
    service.isOnline = false;
    app = await openApp(service);
    expect((await app.store.readSnapshot("person", "home/p-rose"))?.body).toEqual({ systolic: "13837" });
    expect(state()).toBe("in");
    const disk = await onTheDisk();
    expect(disk).not.toContain("13837");
    expect(disk).not.toContain("Name of rose");
  });
  it("does not open what was moved to another name", async () => {
    await app.store.writeSnapshot("person", "a", look(1));
    await app.database.withStore(async (db) => {
      await db.put("snapshots", await db.get("snapshots", "person|a"), "person|b");
    });
    expect(await app.store.readSnapshot("person", "b")).toBeNull();
  });
  it("keeps what was recorded when the session ends, sends facts, and waits with edits for a sign-in", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.outbox.add(edit("rose", "today", "mine", 0));
    service.isOnline = true;
    service.signedIn = null;
    await app.flush.flush();
    await vi.waitFor(() => expect(state()).toBe("out"), 30_000);
    expect(service.shape.rows).toEqual(["a"]);
    expect(app.outbox.outboxState.get().items).toMatchObject([{ what: "plan", state: "waiting" }]);
    app = await openApp(service);
    await signIn("rose", "own");
    expect(service.shape.rows).toEqual(["a", "mine"]);
  });
  it("records signed out, and brings it at once when there is a network", async () => {
    service.signedIn = null;
    app = await openApp(service);
    expect([state(), app.outbox.mayRecord(), app.session.recordedFor()?.id]).toEqual(["out", true, "p-rose"]);
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [], sealed: 0 });
  });
  it("keeps the snapshot of its owner over the end of a session", async () => {
    await app.store.writeSnapshot("person", "home/p-rose", look({ a: 1 }));
    service.signedIn = null;
    app = await openApp(service);
    await signIn("rose", "own");
    expect((await app.store.readSnapshot("person", "home/p-rose"))?.body).toEqual({ a: 1 });
  });
  it("forgets everything at sign-out, and what is not sent yet still arrives", async () => {
    await app.store.writeSnapshot("person", "home/p-rose", look({ a: 1 }));
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.session.signOut().catch(() => undefined);
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [], sealed: 1 });
    expect(app.outbox.mayRecord()).toBe(false);
    service.isOnline = true;
    app = await openApp(service);
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
    expect(await app.database.withStore((db) => db.count("snapshots"))).toBe(0);
  });
  it("keeps what the next person must not read, and sends it as its author's", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "13837"));
    await app.store.writeSnapshot("person", "home/p-rose", look({ a: 1 }));
    service.isOnline = true;
    service.faults = ["503"];
    await app.session.signIn("sam", "pw", "own").catch(() => app.session.signIn("sam", "pw", "own"));
    expect(app.outbox.outboxState.get().items).toEqual([]);
    expect(await app.store.readSnapshot("person", "home/p-rose")).toBeNull();
    await app.flush.flush();
    expect(Object.keys(service.shape.answers).map((key) => key.split("|")[0])).toEqual(["rose"]);
  });
  it("that was shut out seals, sends, and wipes", async () => {
    await app.store.writeSnapshot("person", "home/p-rose", look({ a: 1 }));
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.outbox.add(edit("rose", "today", "mine", 0));
    service.isOnline = true;
    service.signedIn = null;
    service.shutOut = true;
    app = await openApp(service);
    app.flush.startFlush();
    await vi.waitFor(() => expect(service.wiped).toBe(1), 30_000);
    expect(service.shape.rows).toEqual(["a", "mine"]);
    expect(await app.database.withStore((db) => db.count("vault"))).toBe(0);
    expect(app.outbox.mayRecord()).toBe(false);
  });
});

describe("a lock", () => {
  beforeEach(async () => {
    await signIn("rose", "own");
    await app.vault.setPin("270419");
    await app.store.writeSnapshot("person", "home/p-rose", look({ a: 1 }));
  });

  it("is there after a restart and opens with the PIN only", async () => {
    app = await openApp(service);
    expect(app.vault.vaultState.get()).toEqual({ state: "locked", ways: ["pin"] });
    expect(await app.store.readSnapshot("person", "home/p-rose")).toBeNull();
    expect(await app.vault.openWithPin("111111")).toEqual({ open: false, left: 9 });
    expect(await app.vault.openWithPin("270419")).toMatchObject({ open: true });
    expect((await app.store.readSnapshot("person", "home/p-rose"))?.body).toEqual({ a: 1 });
  });
  it("lets what is recorded meanwhile through, and never shows it", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "before"));
    app = await openApp(service);
    await app.outbox.add(reading("rose", "meanwhile"));
    service.isOnline = true;
    const { items } = app.outbox.outboxState.get();
    expect(items.filter((item) => item.show !== null).map((item) => item.show)).toEqual([{ marker: "meanwhile" }]);
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["before", "meanwhile"]);
  });
  it("after ten wrong PINs leaves nothing to read, and nothing unsent is lost", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    app = await openApp(service);
    for (let left = 9; left >= 0; left--) expect((await app.vault.openWithPin("000000")).left).toBe(left);
    await app.session.forgetLock();
    expect(await app.database.withStore((db) => db.count("snapshots"))).toBe(0);
    service.isOnline = true;
    app = await openApp(service);
    // The cookie is still good, and opens nothing.
    expect(state()).toBe("out");
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  }, 60_000);
  it("counts a try that was not waited for", async () => {
    app = await openApp(service);
    const asked = app.vault.openWithPin("000000");
    await vi.waitFor(async () => {
      const record = await app.database.withStore((db) => db.get("vault", "key|rose"));
      expect(record).toMatchObject({ wrong: 1 });
    }, 30_000);
    await asked;
  });
  it("by passkey stands beside it, and each opens alone", async () => {
    phoneWithPasskeys();
    expect(await app.vault.setPasskey()).toBe(true);
    app = await openApp(service);
    expect(app.vault.vaultState.get().ways).toEqual(["passkey", "pin"]);
    expect(await app.vault.openWithPasskey()).toBe(true);
    expect((await app.store.readSnapshot("person", "home/p-rose"))?.body).toEqual({ a: 1 });
    await app.vault.removeWay("pin");
    await app.vault.removeWay("passkey");
    app = await openApp(service);
    expect(app.vault.vaultState.get()).toEqual({ state: "open", ways: [] });
  });
});

/** An authenticator with the PRF extension: the same secret for the same salt. */
function phoneWithPasskeys(): void {
  const answer = (salt: Uint8Array) => ({
    rawId: new Uint8Array([1, 2, 3]).buffer,
    getClientExtensionResults: () => ({ prf: { results: { first: new Uint8Array(salt).buffer } } }),
  });
  type Asked = { publicKey: { extensions: { prf: { eval: { first: Uint8Array } } } } };
  const give = ({ publicKey }: Asked) => Promise.resolve(answer(publicKey.extensions.prf.eval.first));
  vi.stubGlobal("PublicKeyCredential", {
    isUserVerifyingPlatformAuthenticatorAvailable: () => Promise.resolve(true),
  });
  const credentials = { create: give, get: give };
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator) as Navigator, { credentials }));
}

describe("a shared phone", () => {
  beforeEach(() => signIn("rose", "shared"));

  it("keeps nothing of its user that can be read, and sends what they saved as theirs when they are gone", async () => {
    await app.store.writeSnapshot("person", "home/p-rose", look({ systolic: "13837" }));
    await app.drafts.keepDraft("/messages/team", { words: "13837 dizzy" });
    service.isOnline = false;
    await app.outbox.add(reading("rose", "13837"));
    expect(app.outbox.pendingFor("p-rose")).toHaveLength(1);
    expect(await app.drafts.readDraft("/messages/team")).toEqual({ words: "13837 dizzy" });
    const disk = await onTheDisk();
    for (const word of ["13837", "Name of rose", "dizzy"]) expect(disk).not.toContain(word);
    service.isOnline = true;
    service.signedIn = null;
    app = await openApp(service);
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [], sealed: 1 });
    await app.session.signIn("sam", "pw", "shared");
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["13837"]);
    expect(Object.keys(service.shape.answers).map((key) => key.split("|")[0])).toEqual(["rose"]);
  });
  it("shows its author what could not be taken after all", async () => {
    service.editElsewhere("/patients/p-rose/plan/sections/today");
    service.isOnline = false;
    await app.outbox.add(edit("rose", "today", "mine", 0));
    service.isOnline = true;
    app = await openApp(service);
    await app.flush.flush();
    expect(Object.keys(service.shape.held)).toHaveLength(1);
    expect(app.outbox.outboxState.get().items).toMatchObject([{ what: "plan", state: "needs-you" }]);
  });
  it("that forgot what was refused hands it to the service, which keeps it for its author", async () => {
    service.editElsewhere("/patients/p-rose/plan/sections/today");
    await app.outbox.add(edit("rose", "today", "mine", 0));
    await app.flush.flush();
    expect(app.outbox.outboxState.get().items).toMatchObject([{ state: "needs-you", show: { marker: "mine" } }]);
    app = await openApp(service);
    await app.flush.flush();
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [{ what: "plan", state: "needs-you" }], sealed: 0 });
    expect(Object.keys(service.shape.held)).toHaveLength(1);
  });
  it("does not let the next one record as the last one", async () => {
    service.signedIn = null;
    app = await openApp(service);
    expect([state(), app.outbox.mayRecord(), app.session.recordedFor()]).toEqual(["out", false, null]);
    await expect(app.outbox.add(reading("rose", "a"))).rejects.toThrow(app.outbox.NobodysPhone);
  });
});

describe("a browser nobody was asked about", () => {
  it("keeps nothing readable of what was seen, and sends what was saved", async () => {
    service.signedIn = "rose";
    app = await openApp(service);
    await app.store.writeSnapshot("person", "home/p-rose", look("13837"));
    await app.outbox.add(reading("rose", "13837"));
    expect(await onTheDisk()).not.toContain("13837");
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["13837"]);
  });
});

describe("a phone of the version before", () => {
  it("loses what stood in the clear, and keeps the team's number", async () => {
    emptyPhone();
    const old = await openDB("alongside", 1, { upgrade: (db) => void db.createObjectStore("snapshots") });
    for (const key of ["person|help", "person|home/1", "person|session", "team|worklist"])
      await old.put("snapshots", look(key), key);
    old.close();
    app = await openApp(service);
    expect(await app.database.withStore((db) => db.getAllKeys("snapshots"))).toEqual(["person|help", "team|worklist"]);
    await signIn("rose", "own");
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  });
});
