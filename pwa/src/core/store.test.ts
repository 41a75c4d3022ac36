// What the device keeps: found again, forgotten on sign-out, never mixed between audiences. What a person's own phone
// keeps encrypted is told in phones.test.ts; a desk keeps its list in the clear, and a phone nobody was asked about nothing.
import "fake-indexeddb/auto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { forget, forgetMemory, readSnapshot, takeWarm, warmUp, writeSnapshot } from "./store";

const snapshot = (body: unknown, savedAt = Date.now()) => ({ etag: null, savedAt, body });
afterEach(() => vi.restoreAllMocks());

describe("the snapshot", () => {
  it("is found again", async () => {
    expect(await writeSnapshot("person", "home/1", snapshot({ a: 1 }))).toBe(true);
    expect((await readSnapshot("person", "home/1"))?.body).toEqual({ a: 1 });
  });
  it("belongs to one audience", async () => {
    await writeSnapshot("person", "session", snapshot("p"));
    await writeSnapshot("team", "session", snapshot("t"));
    await forget("person");
    expect(await readSnapshot("person", "session")).toBeNull();
    expect((await readSnapshot("team", "session"))?.body).toBe("t");
  });
  it("spares what may stay", async () => {
    await writeSnapshot("person", "help", snapshot("phone"));
    await writeSnapshot("person", "home/1", snapshot("values"));
    await forget("person", ["help"]);
    expect((await readSnapshot("person", "help"))?.body).toBe("phone");
    expect(await readSnapshot("person", "home/1")).toBeNull();
  });
  it("is deleted unread after 14 days", async () => {
    for (const audience of ["person", "team"] as const) {
      await writeSnapshot(audience, "home/2", snapshot("old", Date.now() - 15 * 86_400_000));
      expect(await readSnapshot(audience, "home/2")).toBeNull();
    }
  });
  it("is kept for whoever opens it, however long there is no network", async () => {
    const began = Date.now();
    const day = (n: number): unknown => vi.spyOn(Date, "now").mockReturnValue(began + n * 86_400_000);
    await writeSnapshot("team", "home/4", snapshot("plan", began));
    for (const n of [1, 13, 20, 33]) {
      day(n);
      expect((await readSnapshot("team", "home/4"))?.body).toBe("plan");
    }
    day(48);
    expect(await readSnapshot("team", "home/4")).toBeNull();
  });
  it("survives a database connection that died", async () => {
    await writeSnapshot("team", "home/3", snapshot("kept"));
    const get = vi.spyOn(IDBObjectStore.prototype, "get").mockImplementationOnce(() => {
      throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
    });
    expect((await readSnapshot("team", "home/3"))?.body).toBe("kept");
    expect(get).toHaveBeenCalledTimes(2);
  });
  it("says when the disk is full, and breaks nothing", async () => {
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    expect(await writeSnapshot("team", "home/4", snapshot("x"))).toBe(false);
  });
});

describe("what is read before a screen asks for it", () => {
  const warmed = async (body: string): Promise<void> => {
    await writeSnapshot("team", "home/5", snapshot(body));
    await warmUp("team", ["home/5", "home/none"]);
  };
  it("is given out once", async () => {
    await warmed("kept");
    expect(takeWarm("team", "home/5")?.body).toBe("kept");
    expect([takeWarm("team", "home/5"), takeWarm("team", "home/none")]).toEqual([null, null]);
  });
  it("gives way to a newer one", async () => {
    await warmed("old");
    await writeSnapshot("team", "home/5", snapshot("new"));
    expect(takeWarm("team", "home/5")).toBeNull();
  });
  it("is gone when the phone is locked or somebody else may go on", async () => {
    for (const leave of [() => Promise.resolve(forgetMemory()), () => forget("person"), () => forget("team")]) {
      await warmed("kept");
      await leave();
      expect(takeWarm("team", "home/5")).toBeNull();
    }
  });
});
