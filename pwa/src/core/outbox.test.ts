// What was saved on a phone reaches the service once, whatever happens on the way.
import "fake-indexeddb/auto";
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
  await app.session.signIn("rose", "pw", "own");
  // What is asked once at each start is asked before the faults begin.
  await app.flush.flush();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const states = (): string[] => app.outbox.outboxState.get().items.map((item) => item.state);

describe("a command", () => {
  it("is sent, and known as received", async () => {
    const { id } = await app.outbox.add(reading("rose", "a"));
    expect(states()).toEqual(["waiting"]);
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [], sealed: 0 });
    expect(app.outbox.receivedState.get().has(id)).toBe(true);
  });
  it("is there after the browser was killed, and sent then", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    app = await openApp(service);
    expect(app.outbox.pendingFor("p-rose", "reading")).toMatchObject([{ show: { marker: "a" } }]);
    service.isOnline = true;
    await app.session.startSession();
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  });
  it("keeps its exact text and its own id over a lost reply, and is stored once", async () => {
    service.faults = ["lost-reply"];
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
    expect(states()).toEqual(["waiting"]);
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
    expect(states()).toEqual([]);
  });
  it("goes after the one before it, and waits when that one cannot go", async () => {
    service.faults = ["503"];
    for (const marker of ["a", "b", "c"]) await app.outbox.add(reading("rose", marker));
    await app.flush.flush();
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a", "b", "c"]);
  });
  it("is not taken for sent because a foreign page answered 200", async () => {
    service.faults = ["portal"];
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    expect([service.shape.rows, app.outbox.outboxState.get().items.length]).toEqual([[], 1]);
    expect(app.flush.flushState.get().stopped).toBe("later");
  });
  it("is sent with a new token when the old one is of an earlier session", async () => {
    app.api.learnCsrf("old");
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  });
  it("is sent once by two tabs", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.outbox.add(reading("rose", "b"));
    const locks = oneLock();
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator) as Navigator, { locks }));
    service.isOnline = true;
    const second = await openApp(service, { keepLast: true });
    await Promise.all([app.flush.flush(), second.flush.flush()]);
    expect(service.shape.rows).toEqual(["a", "b"]);
    expect(service.asked.filter((path) => path.endsWith("/readings"))).toHaveLength(2);
  });
});

/** As navigator.locks: one at a time, in the order of asking. */
function oneLock(): { request: (name: string, options: object, work: () => Promise<void>) => Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  return { request: (_name, _options, work) => (last = last.then(work)) };
}

describe("an edit", () => {
  const path = "/patients/p-rose/plan/sections/today";
  const draft = (marker: string, ifMatch: number) => edit("rose", "today", marker, ifMatch);

  it("made on top of an unsent one goes on from what that one has become", async () => {
    service.isOnline = false;
    for (const marker of ["one", "two", "three"]) await app.outbox.add(draft(marker, 0));
    service.isOnline = true;
    await app.flush.flush();
    expect(service.shape.texts[path]).toEqual({ version: 3, text: "three" });
    expect(states()).toEqual([]);
  });
  it("goes on so after the phone died between the two", async () => {
    service.isOnline = false;
    await app.outbox.add(draft("one", 0));
    await app.outbox.add(draft("two", 0));
    service.isOnline = true;
    app = await openApp(service);
    const done = vi.fn();
    app.outbox.receivedState.subscribe(done);
    // Dies in the moment the first is acknowledged.
    app.outbox.receivedState.subscribe(() => (service.isOnline = false));
    await app.flush.flush();
    expect([done.mock.calls.length, service.shape.texts[path]?.text]).toEqual([1, "one"]);
    service.isOnline = true;
    app = await openApp(service);
    await app.flush.flush();
    expect(service.shape.texts[path]).toEqual({ version: 2, text: "two" });
  });
  it("that meets somebody else's is kept and needs its author, and overwrites nothing", async () => {
    service.editElsewhere(path);
    const { id } = await app.outbox.add(draft("mine", 0));
    await app.flush.flush();
    expect(states()).toEqual(["needs-you"]);
    expect(app.outbox.outboxState.get().items[0]?.problem?.current).toMatchObject({ version: 1 });
    expect(service.shape.texts[path]?.text).toBe("by somebody else");
    app = await openApp(service);
    expect(app.outbox.outboxState.get().items[0]).toMatchObject({ id, state: "needs-you", problem: { status: 412 } });
    await app.outbox.replace(id, draft("mine after all", 1));
    await app.flush.flush();
    expect([service.shape.texts[path]?.text, states()]).toEqual(["mine after all", []]);
  });
  it("that failed holds back the later ones of the same text and nothing else", async () => {
    service.editElsewhere(path);
    service.isOnline = false;
    const first = await app.outbox.add(draft("mine", 0));
    await app.outbox.add(draft("mine again", 0));
    await app.outbox.add(edit("rose", "matters", "other", 0));
    await app.outbox.add(reading("rose", "a"));
    service.isOnline = true;
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["other", "a"]);
    expect(states()).toEqual(["needs-you", "waiting"]);
    await app.outbox.discard(first.id);
    await app.flush.flush();
    expect(states()).toEqual(["needs-you"]);
  });
  it("made on top of one that was let go, or sent once more, never slips in over words nobody has seen", async () => {
    const offline = async (): Promise<string> => {
      service.isOnline = false;
      const { id } = await app.outbox.add(draft("mine", 0));
      // As a form makes it: at the version that the first will have become, which is now somebody else's.
      for (const later of [1, 2]) await app.outbox.add(draft(`mine ${String(later + 1)}`, later));
      service.isOnline = true;
      await app.flush.flush();
      return id;
    };
    service.editElsewhere(path);
    await app.outbox.discard(await offline());
    await app.flush.flush();
    expect(service.shape.texts[path]).toEqual({ version: 1, text: "by somebody else" });
    expect(states()).toEqual(["needs-you", "waiting"]);
    for (const { id } of [...app.outbox.outboxState.get().items].reverse()) await app.outbox.discard(id);
    await app.outbox.replace(await offline(), draft("mine", 1));
    await app.flush.flush();
    expect(service.shape.texts[path]).toEqual({ version: 4, text: "mine 3" });
    expect([service.shape.rows, states()]).toEqual([["mine", "mine 2", "mine 3"], []]);
  });
  it("that takes the place of a refused one goes before what came later", async () => {
    const bad = { ...reading("rose", "bad"), body: { marker: "bad", bad: true } };
    const { id } = await app.outbox.add(bad);
    await app.flush.flush();
    expect(states()).toEqual(["refused"]);
    service.isOnline = false;
    await app.outbox.add(reading("rose", "later"));
    await app.outbox.replace(id, reading("rose", "mended"));
    service.isOnline = true;
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["mended", "later"]);
  });
});

describe("one bad item", () => {
  it("that is damaged, and has no sealed copy, is said in words and blocks nothing", async () => {
    service.isOnline = false;
    const { id } = await app.outbox.add(reading("rose", "a"));
    await app.outbox.add(reading("rose", "b"));
    await app.database.withStore(async (db) => {
      const [row] = await db.getAll("outbox");
      if (row?.box) await db.put("outbox", { ...row, sealed: null, box: { ...row.box, ct: new ArrayBuffer(40) } });
    });
    app = await openApp(service);
    service.isOnline = true;
    await app.session.startSession();
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["b"]);
    expect(app.outbox.outboxState.get().items).toMatchObject([{ id, what: "unreadable", problem: { code: "damaged" } }]);
    await app.outbox.discard(id);
    expect(app.outbox.outboxState.get()).toMatchObject({ items: [], sealed: 0 });
  });
  it("that is damaged still arrives by its sealed copy", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.database.withStore(async (db) => {
      const [row] = await db.getAll("outbox");
      if (row?.box) await db.put("outbox", { ...row, box: { ...row.box, ct: new ArrayBuffer(40) } });
    });
    app = await openApp(service);
    service.isOnline = true;
    await app.session.startSession();
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  });
  it("over which the service fails again and again lets the others pass, and is tried each time", async () => {
    await app.outbox.add(reading("rose", "a"));
    await app.outbox.add(reading("rose", "b"));
    for (const [round, rows] of [[], [], ["b"], ["b", "a"]].entries()) {
      if (round < 3) service.faults = ["500"];
      await app.flush.flush();
      expect(service.shape.rows).toEqual(rows);
    }
  });
});

describe("the database", () => {
  it("that is full says so, and nothing is half saved", async () => {
    vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(app.outbox.add(reading("rose", "a"))).rejects.toThrow(app.outbox.OutboxFull);
    vi.restoreAllMocks();
    await app.outbox.refresh();
    expect(app.outbox.outboxState.get().items).toEqual([]);
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  });
  it("whose connection died is opened anew, and one save stays one", async () => {
    service.isOnline = false;
    const add = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementationOnce(() => {
      throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
    });
    await app.outbox.add(reading("rose", "a"));
    expect([add.mock.calls.length, app.outbox.outboxState.get().items.length]).toEqual([2, 1]);
  });
  it("that was emptied under an open page loses nothing of that page", async () => {
    service.isOnline = false;
    await app.outbox.add(reading("rose", "a"));
    await app.flush.flush();
    await app.database.close();
    emptyPhone();
    service.isOnline = true;
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["a"]);
  });
  it("goes with the draft in the moment the command comes", async () => {
    service.isOnline = false;
    await app.drafts.keepDraft("/messages/team", { words: "half" });
    await app.outbox.add({ ...reading("rose", "a"), draftOf: "/messages/team" });
    expect(await app.drafts.readDraft("/messages/team")).toBeNull();
  });
});

describe("a service restored from a backup", () => {
  it("gets again, in order, what it had acknowledged since", async () => {
    const path = "/patients/p-rose/plan/sections/today";
    await app.outbox.add(reading("rose", "before"));
    await app.flush.flush();
    const backup = service.backup();
    await app.outbox.add(edit("rose", "today", "one", 0));
    await app.outbox.add(edit("rose", "today", "two", 0));
    await app.outbox.add(reading("rose", "after"));
    await app.flush.flush();
    service.restore(backup);
    app = await openApp(service);
    await app.flush.flush();
    expect(service.shape.rows).toEqual(["before", "one", "two", "after"]);
    expect(service.shape.texts[path]).toEqual({ version: 2, text: "two" });
    app = await openApp(service);
    await app.flush.flush();
    expect(service.shape.rows).toHaveLength(4);
  });
  it("is not asked about what is older than 30 days", async () => {
    await app.outbox.add(reading("rose", "old"));
    await app.flush.flush();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 31 * 86_400_000);
    app = await openApp(service);
    await app.flush.flush();
    expect(await app.database.withStore((db) => db.count("acknowledged"))).toBe(0);
  });
});
