// A phone in a test: the whole core loaded anew, as after the browser was killed, over a database that stays.
import { IDBFactory } from "fake-indexeddb";
import { AsyncLocalStorage } from "node:async_hooks";
import { vi } from "vitest";
import type { ModelService } from "./modelService";

export interface PhoneInTest {
  api: typeof import("../core/api");
  drafts: typeof import("../core/drafts");
  database: typeof import("../core/database");
  flush: typeof import("../core/flush");
  outbox: typeof import("../core/outbox");
  phone: typeof import("../core/phone");
  session: typeof import("../core/session");
  store: typeof import("../core/store");
  vault: typeof import("../core/vault");
}

/** One run of the app; what it started, such as a timer, still belongs to it after it was killed. */
interface Run {
  isAlive: boolean;
  service: ModelService;
}

const running = new AsyncLocalStorage<Run>();
let last: Run | null = null;
const never = new Promise<never>(() => undefined);

/** Each run has its own door to the service; a killed one's is shut, and so is its way to the database. */
async function fetchOfRun(path: string, init: RequestInit): Promise<Response> {
  const run = running.getStore();
  if (!run?.isAlive) return never;
  const answer = await run.service.fetch(path, init);
  return run.isAlive ? answer : never;
}

const realTimeout = globalThis.setTimeout;

/** What a killed run planned does not happen. */
function timeoutOfRun(work: () => void, ms?: number): ReturnType<typeof setTimeout> {
  return realTimeout(() => {
    if (running.getStore()?.isAlive !== false) work();
  }, ms);
}

/** A database as after the phone was emptied; to be called at the start of each test. */
export function emptyPhone(): void {
  const factory = new IDBFactory();
  localStorage.clear();
  vi.stubGlobal("fetch", fetchOfRun);
  vi.stubGlobal("setTimeout", timeoutOfRun);
  // Killed runs would go on hearing the living one, and each test would be slower than the one before.
  vi.stubGlobal("BroadcastChannel", undefined);
  vi.stubGlobal("indexedDB", {
    open: (name: string, version?: number) => {
      if (running.getStore()?.isAlive === false) throw new DOMException("killed", "AbortError");
      return factory.open(name, version);
    },
    deleteDatabase: (name: string) => factory.deleteDatabase(name),
  });
}

/** Whatever a test calls, the run does. */
function inRun<T extends object>(run: Run, module: T): T {
  return new Proxy(module, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== "function" || /^[A-Z]/.test(String(name))) return member;
      return (...said: unknown[]): unknown =>
        running.run(run, () => (member as (...said: unknown[]) => unknown)(...said));
    },
  });
}

/** Kill whatever ran before (its module state is gone with it) and open the app again. */
export async function openApp(service: ModelService, tab = { keepLast: false }): Promise<PhoneInTest> {
  vi.resetModules();
  if (last && !tab.keepLast) last.isAlive = false;
  const run: Run = { isAlive: true, service };
  last = run;
  return running.run(run, async () => {
    const [api, drafts, database, flush, outbox, phone, session, store, vault] = await Promise.all([
      import("../core/api"),
      import("../core/drafts"),
      import("../core/database"),
      import("../core/flush"),
      import("../core/outbox"),
      import("../core/phone"),
      import("../core/session"),
      import("../core/store"),
      import("../core/vault"),
    ]);
    api.setAudience("person");
    await session.startSession();
    await outbox.refresh();
    const app = { api, drafts, database, flush, outbox, phone, session, store, vault };
    for (const name of Object.keys(app) as (keyof PhoneInTest)[])
      Object.assign(app, { [name]: inRun(run, app[name]) });
    return app;
  });
}

export const reading = (account: string, marker: string) =>
  ({
    patient: `p-${account}`,
    what: "reading",
    method: "POST",
    path: `/patients/p-${account}/readings`,
    body: { marker },
    show: { marker },
  }) as const;

export const edit = (account: string, section: string, marker: string, ifMatch: number) => {
  const path = `/patients/p-${account}/plan/sections/${section}`;
  return {
    patient: `p-${account}`,
    what: "plan",
    method: "PUT",
    path,
    document: path,
    body: { marker, body: { text: marker }, private: false },
    ifMatch,
    show: { marker },
  } as const;
};
