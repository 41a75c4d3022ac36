// Keeps the open screens' data fresh: first what this device kept, then the server, again whenever something changed.
import { type Ask, ApiError, getAudience, OldAnswer, request } from "./api";
import { serverNow } from "./clock";
import { liveState, onLive } from "./live";
import { createState, type State } from "./state";
import { dropSnapshot, readSnapshot, takeWarm, writeSnapshot } from "./store";
import type { LiveEvent } from "./types";

/** What a screen may draw. `at` is the server's time when it last said that `body` is right, in ms. */
export interface View<T> {
  body: T | null;
  at: number | null;
  etag: string | null;
  trouble: ApiError | null;
  asked: boolean;
}

export interface Resource<T> {
  readonly view: State<View<T>>;
  /** Ask the server now; a second call during the first asks once more after it. */
  pull(): Promise<void>;
  /** Keep fresh while somebody looks. Returns how to let go. */
  watch(): () => void;
}

/** Without the live line, ask this often; with it, ask seldom, to notice a line that is up but silent. */
const POLL_MS = 15_000;
const POLL_LIVE_MS = 60_000;
/** Events come in bursts, such as a device sending a day of readings: ask once for the burst. */
const BURST_MS = 150;
const HELLO_MS = 1000;

interface Watched {
  pull(): Promise<void>;
  wants(event: LiveEvent): boolean;
  lastPullAt: number;
}
const watched = new Set<Watched>();

/** True when nobody answers, or somebody who is not the service does. */
export function isDisconnected(view: View<unknown>): boolean {
  return view.trouble?.isOutage ?? false;
}

/**
 * One address of the server, kept under `name`; `wants` says which live events mean that it changed. With a
 * `question` it is asked by POST, for what must not stand in an address.
 */
export function createResource<T>(
  name: string,
  path: string,
  wants: (event: LiveEvent) => boolean,
  question?: object,
): Resource<T> {
  const kept = takeWarm<T>(getAudience(), name);
  const { body = null, savedAt: at = null, etag = null } = kept ?? {};
  const view = createState<View<T>>({ body, at, etag, trouble: null, asked: false });
  let running: Promise<void> | null = null;
  let again = false;
  const pull = async (): Promise<void> => {
    again = running !== null;
    if (running) return running;
    running = pullOnce(name, path, view, question).finally(() => (running = null));
    await running;
    if (again) await pull();
  };
  return { view, pull, watch: () => watch({ pull, wants, lastPullAt: 0 }, name, view) };
}

async function pullOnce<T>(
  name: string,
  path: string,
  view: State<View<T>>,
  question?: object,
): Promise<void> {
  const before = view.get();
  try {
    const ask: Ask = question
      ? { method: "POST", body: question }
      : { etag: before.body ? before.etag : null };
    const answer = await request<T>(path, ask);
    const at = serverNow().getTime();
    const body = answer.body ?? view.get().body;
    view.set({ body, at, etag: answer.etag ?? before.etag, trouble: null, asked: true });
    await writeSnapshot(getAudience(), name, { etag: answer.etag ?? before.etag, savedAt: at, body });
  } catch (error) {
    // Whoever is here now asks for themselves.
    if (error instanceof OldAnswer) return;
    const trouble = error instanceof ApiError ? error : new ApiError("no-network", 0, null);
    await noteTrouble(name, view, trouble);
  }
}

async function noteTrouble<T>(name: string, view: State<View<T>>, trouble: ApiError): Promise<void> {
  const gone = trouble.status === 404 || trouble.status === 403;
  view.set({ ...view.get(), ...(gone ? { body: null, at: null, etag: null } : {}), trouble, asked: true });
  // Else the next opening away from the network would show it again.
  if (gone) await dropSnapshot(getAudience(), name);
}

async function openKept<T>(name: string, view: State<View<T>>): Promise<void> {
  if (view.get().body) return;
  const kept = await readSnapshot<T>(getAudience(), name);
  if (!kept || view.get().body) return;
  view.set({ ...view.get(), body: kept.body, at: kept.savedAt, etag: kept.etag });
}

function watch<T>(item: Watched, name: string, view: State<View<T>>): () => void {
  watched.add(item);
  void openKept(name, view);
  void pullNow(item);
  return () => watched.delete(item);
}

async function pullNow(item: Watched): Promise<void> {
  item.lastPullAt = Date.now();
  await item.pull();
}

/** Ask for everything on the screen again: after start, reconnection, a return to the app, or a change of ours. */
export function pullAll(): void {
  for (const item of watched) void pullNow(item);
}

function pullSoon(event: LiveEvent, pending: Map<Watched, ReturnType<typeof setTimeout>>): void {
  for (const item of watched) {
    if (event.t !== "hello" && !item.wants(event)) continue;
    if (pending.has(item)) continue;
    // The first event of a burst is answered at once; what follows it waits for the burst to end. A new line's
    // hello only fills the gap before it, so right after the page's own first question it can wait longer.
    const quiet = event.t === "hello" ? HELLO_MS : BURST_MS;
    const wait = Math.max(0, item.lastPullAt + quiet - Date.now());
    const timer = setTimeout(() => {
      pending.delete(item);
      void pullNow(item);
    }, wait);
    pending.set(item, timer);
  }
}

/** Start the triggers that belong to the whole page. Called once by each entry. */
export function startSync(): void {
  const pending = new Map<Watched, ReturnType<typeof setTimeout>>();
  onLive((event) => pullSoon(event, pending));
  addEventListener("online", pullAll);
  addEventListener("offline", pullAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") pullAll();
  });
  setInterval(() => {
    const every = liveState.get().live ? POLL_LIVE_MS : POLL_MS;
    for (const item of watched) {
      if (document.visibilityState === "visible" && Date.now() - item.lastPullAt >= every) void pullNow(item);
    }
  }, 5000);
}
