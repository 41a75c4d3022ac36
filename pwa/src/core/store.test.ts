// What the device keeps: found again, forgotten on sign-out, never mixed between audiences.
import "fake-indexeddb/auto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { forget, readSnapshot, writeSnapshot } from "./store";

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
    await writeSnapshot("person", "home/2", snapshot("old", Date.now() - 15 * 86_400_000));
    expect(await readSnapshot("person", "home/2")).toBeNull();
  });
  it("survives a database connection that died", async () => {
    await writeSnapshot("person", "home/3", snapshot("kept"));
    const get = vi.spyOn(IDBObjectStore.prototype, "get").mockImplementationOnce(() => {
      throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
    });
    expect((await readSnapshot("person", "home/3"))?.body).toBe("kept");
    expect(get).toHaveBeenCalledTimes(2);
  });
  it("says when the disk is full, and breaks nothing", async () => {
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    expect(await writeSnapshot("person", "home/4", snapshot("x"))).toBe(false);
  });
});
