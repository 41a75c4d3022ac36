// Holds the live line to the server: one event stream a browser, shared between tabs, that repairs itself. Brought when
// the first page stands (parts/App.tsx).
import { markDown, onLive, receive } from "./live";
import { confirmPush } from "./push";
import { confirmSession, sessionState } from "./session";
import type { Audience } from "./types";

/** Longer than two of the server's 15-second pings: a line this quiet is dead, whatever the browser says. */
const QUIET_MS = 40_000;
const BACKOFF_MS = [500, 1000, 2000, 4000, 8000, 15_000];

interface Line {
  source: EventSource | null;
  failures: number;
  heardAt: number;
  pinged: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

function heard(line: Line, name: string, data: string, share: (name: string, data: string) => void): void {
  line.heardAt = Date.now();
  if (name === "ping") line.pinged = true;
  receive(name, data);
  share(name, data);
}

function connect(audience: Audience, line: Line, share: (name: string, data: string) => void): void {
  const source = new EventSource(`/api/v1/stream?audience=${audience}`);
  line.source = source;
  line.heardAt = Date.now();
  line.pinged = false;
  for (const name of ["hello", "ping", "observation", "alert", "message", "quarantine", "device"]) {
    source.addEventListener(name, (event) => {
      line.failures = 0;
      heard(line, name, (event as MessageEvent<string>).data, share);
    });
  }
  source.onerror = () => {
    markDown();
    share("down", "");
    retry(audience, line, share);
  };
}

function retry(audience: Audience, line: Line, share: (name: string, data: string) => void): void {
  line.source?.close();
  line.source = null;
  clearTimeout(line.timer);
  const wait = BACKOFF_MS[Math.min(line.failures, BACKOFF_MS.length - 1)] ?? 15_000;
  line.failures += 1;
  // A little chance keeps a thousand phones from coming back in the same moment.
  line.timer = setTimeout(() => connect(audience, line, share), wait * (0.75 + Math.random() / 2));
}

/** Hold the line until `stopped` resolves. */
async function hold(
  audience: Audience,
  stopped: Promise<void>,
  share: (name: string, data: string) => void,
): Promise<void> {
  const line: Line = { source: null, failures: 0, heardAt: Date.now(), pinged: false, timer: undefined };
  connect(audience, line, share);
  const again = () => {
    line.failures = 0;
    if (!line.source || line.source.readyState === EventSource.CLOSED) retry(audience, line, share);
  };
  const watchdog = setInterval(() => {
    if (line.source && line.pinged && Date.now() - line.heardAt > QUIET_MS)
      line.source.onerror?.(new Event("error"));
  }, 5000);
  addEventListener("online", again);
  await stopped;
  removeEventListener("online", again);
  clearInterval(watchdog);
  clearTimeout(line.timer);
  line.source?.close();
}

/** Start listening; returns how to stop. Tabs of one browser elect one holder by a Web Lock. */
function startLive(audience: Audience): () => void {
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const channel =
    typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`alongside-live-${audience}`);
  const share = (name: string, data: string) => channel?.postMessage({ name, data });
  const locks = (navigator as Partial<Navigator>).locks;
  if (!channel || !locks) {
    void hold(audience, stopped, share);
    return stop;
  }
  const follow = followTabs(channel);
  const abort = new AbortController();
  void stopped.then(() => abort.abort());
  const lead = (steal: boolean): void => {
    let lost: () => void = () => undefined;
    const lostLock = new Promise<void>((resolve) => (lost = resolve));
    const options = steal ? { steal } : { signal: abort.signal };
    locks
      .request(`alongside-live-${audience}`, options, () => {
        follow.leading(true);
        return hold(audience, Promise.race([stopped, lostLock]), share);
      })
      .catch(() => lost())
      .finally(() => {
        follow.leading(false);
        if (!abort.signal.aborted) lead(false);
      });
  };
  lead(false);
  const check = setInterval(() => follow.isDeaf() && lead(true), 10_000);
  return () => {
    clearInterval(check);
    stop();
    channel.close();
  };
}

/** A tab without the stream hears it from the tab that has it, and notices when that tab has fallen asleep. */
function followTabs(channel: BroadcastChannel): { leading(is: boolean): void; isDeaf(): boolean } {
  let leads = false;
  let heardAt = Date.now();
  channel.onmessage = (event: MessageEvent<{ name: string; data: string }>) => {
    heardAt = Date.now();
    if (event.data.name === "down") markDown();
    else receive(event.data.name, event.data.data);
  };
  return {
    leading: (is) => {
      leads = is;
      heardAt = Date.now();
    },
    isDeaf: () => !leads && document.visibilityState === "visible" && Date.now() - heardAt > QUIET_MS,
  };
}

/** The live line is up exactly while somebody is signed in. */
export function keepLive(audience: Audience): void {
  let stop: (() => void) | null = null;
  onLive((event) => void (event.t === "hello" && confirmSession()));
  let pushConfirmed = false;
  const follow = (): void => {
    const state = sessionState.get();
    if (state.kind === "in") stop ??= startLive(audience);
    // Once an opening and once for each who signs in, whose browser it then is.
    if (state.kind === "in" && state.confirmed && !pushConfirmed) void confirmPush();
    pushConfirmed = state.kind === "in" && (pushConfirmed || state.confirmed);
    if (state.kind === "out") {
      stop?.();
      stop = null;
    }
  };
  sessionState.subscribe(follow);
  follow();
}
