// What the service worker keeps is whole or not there at all: a half one would open to an empty page away from the network.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

type Heard = Record<string, (event: { waitUntil: (work: Promise<unknown>) => void }) => void>;

const SHELL = { version: "two", page: "/", files: ["/app.js", "/app.css"] };
let heard: Heard;
let kept: Map<string, Set<string>>;
let isOnline: boolean;
const skipWaiting = vi.fn(() => Promise.resolve());

const pathOf = (asked: string | { url: string }): string =>
  new URL(typeof asked === "string" ? asked : asked.url, "https://a.test").pathname;

/** As Cache Storage: `addAll` keeps all or nothing, but what was opened is there from then on. */
function cacheOf(name: string): object {
  const paths = kept.get(name) ?? new Set<string>();
  kept.set(name, paths);
  return {
    addAll: (asked: { url: string }[]) => {
      if (!isOnline) return Promise.reject(new TypeError("no network"));
      for (const one of asked) paths.add(pathOf(one));
      return Promise.resolve();
    },
    match: (asked: string) => Promise.resolve(paths.has(pathOf(asked)) ? {} : undefined),
    keys: () => Promise.resolve([...paths].map((path) => ({ url: `https://a.test${path}` }))),
  };
}

async function hear(name: string): Promise<void> {
  let work: Promise<unknown> = Promise.resolve();
  heard[name]?.({ waitUntil: (asked) => void (work = asked) });
  await work;
}

beforeEach(async () => {
  heard = {};
  kept = new Map([["alongside-person-one", new Set(["/", "/app.js", "/app.css"])]]);
  isOnline = true;
  skipWaiting.mockClear();
  vi.resetModules();
  vi.stubGlobal("__SHELLS__", { person: SHELL, team: SHELL });
  vi.stubGlobal("__NOTICES__", { en: {} });
  vi.stubGlobal("__KILL__", false);
  vi.stubGlobal("Request", function (this: { url: string }, path: string) {
    this.url = `https://a.test${path}`;
  });
  vi.stubGlobal("caches", {
    has: (name: string) => Promise.resolve(kept.has(name)),
    open: (name: string) => Promise.resolve(cacheOf(name)),
    keys: () => Promise.resolve([...kept.keys()]),
    delete: (name: string) => Promise.resolve(kept.delete(name)),
  });
  vi.stubGlobal("self", {
    location: { href: "https://a.test/sw.js?audience=person", origin: "https://a.test" },
    addEventListener: (name: string, listener: Heard[string]) => void (heard[name] = listener),
    skipWaiting,
    clients: { claim: () => Promise.resolve(), matchAll: () => Promise.resolve([]) },
  });
  await vi.importActual("./sw");
});
afterEach(() => vi.unstubAllGlobals());

describe("a new version", () => {
  it("whose files did not all come does not take over the next time it is tried", async () => {
    isOnline = false;
    await expect(hear("install")).rejects.toThrow();
    isOnline = true;
    await hear("install");
    expect(skipWaiting).not.toHaveBeenCalled();
    expect([...(kept.get("alongside-person-two") ?? [])]).toEqual(expect.arrayContaining(["/", "/app.js", "/app.css"]));
  });
  it("whose place was made when the browser was killed gets its files first", async () => {
    kept.set("alongside-person-two", new Set());
    await hear("install");
    expect(skipWaiting).not.toHaveBeenCalled();
    expect(kept.get("alongside-person-two")?.size).toBeGreaterThan(0);
  });
  it("with the same files in a changed worker needs nobody's attention", async () => {
    await hear("install");
    await hear("install");
    expect(skipWaiting).toHaveBeenCalledOnce();
  });
});
