// Fresh when it can be, honest about its age when it cannot.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { learnCsrf, setAudience } from "./api";
import { peopleFor } from "./held";
import { kitList } from "./kit";
import { readSnapshot, writeSnapshot } from "./store";
import { createResource, isDisconnected } from "./sync";

const server = vi.fn<typeof fetch>();
const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ETag: 'W/"1"' },
  });
const make = (name: string) => createResource<{ n: number }>(name, `/${name}`, () => false);

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  setAudience("person");
});
afterEach(() => vi.unstubAllGlobals());

describe("a resource", () => {
  it("shows the answer, its time, and keeps it", async () => {
    server.mockResolvedValueOnce(json({ n: 1 }));
    const resource = make("a");
    await resource.pull();
    expect(resource.view.get()).toMatchObject({ body: { n: 1 }, trouble: null, etag: 'W/"1"' });
    expect((await readSnapshot("person", "a"))?.body).toEqual({ n: 1 });
  });
  it("keeps showing what it had when the network goes, and says so", async () => {
    server.mockResolvedValueOnce(json({ n: 1 })).mockRejectedValueOnce(new TypeError("offline"));
    const resource = make("b");
    await resource.pull();
    const at = resource.view.get().at;
    await resource.pull();
    expect(resource.view.get()).toMatchObject({ body: { n: 1 }, at });
    expect(isDisconnected(resource.view.get())).toBe(true);
  });
  it("forgets a record it may no longer open", async () => {
    server.mockResolvedValueOnce(json({ n: 1 })).mockResolvedValueOnce(json({ code: "not-found" }, 404));
    const resource = make("c");
    await resource.pull();
    await resource.pull();
    expect(resource.view.get().body).toBeNull();
    expect(isDisconnected(resource.view.get())).toBe(false);
  });
  it("asks what must stand in no address by POST, with the question in the body", async () => {
    learnCsrf("token");
    server.mockImplementation(() => Promise.resolve(json({ rows: [], people: [] })));
    await kitList({ state: "live", flag: "", q: "Rose Fern" }).pull();
    await kitList({ state: "live", flag: "", q: "" }).pull();
    await peopleFor("m-1", "999 000 0018");
    const asked = server.mock.calls.map(([path, init]) => [init?.method, path, init?.body]);
    expect(asked).toEqual([
      ["POST", "/api/v1/kit/search", JSON.stringify({ state: "live", q: "Rose Fern" })],
      ["GET", "/api/v1/kit?state=live", undefined],
      ["POST", "/api/v1/quarantine/m-1/people", JSON.stringify({ words: "999 000 0018" })],
    ]);
  });
  it("counts a 304 as fresh", async () => {
    server.mockResolvedValueOnce(json({ n: 1 })).mockResolvedValueOnce(new Response(null, { status: 304 }));
    const resource = make("d");
    await resource.pull();
    await resource.pull();
    expect(resource.view.get()).toMatchObject({ body: { n: 1 }, trouble: null });
  });
  it("opens from what the device kept before the server answers", async () => {
    await writeSnapshot("person", "e", { etag: null, savedAt: 5, body: { n: 7 } });
    await writeSnapshot("person", "e", { etag: null, savedAt: Date.now(), body: { n: 7 } });
    server.mockReturnValue(new Promise(() => undefined));
    const resource = make("e");
    const stop = resource.watch();
    await vi.waitFor(() => expect(resource.view.get().body).toEqual({ n: 7 }), 30_000);
    stop();
  });
  it("asks once more when it was asked during an answer", async () => {
    server.mockImplementation(() => Promise.resolve(json({ n: server.mock.calls.length })));
    const resource = make("f");
    await Promise.all([resource.pull(), resource.pull(), resource.pull()]);
    expect(server).toHaveBeenCalledTimes(2);
    expect(resource.view.get().body).toEqual({ n: 2 });
  });
});
