// Whether this browser is rung: asking for it, giving it up, and saying on each opening that it is still there.
import { getAudience, request } from "./api";

/** Why it is not: no browser can be made to ring, and each has its own way of saying no. */
export type PushTrouble = "unsupported" | "no-key" | "denied" | "dismissed" | "refused" | "not-kept";
export type PushState = "looking" | "on" | "off" | PushTrouble;

/** A worker starts a second after the page; a phone that is slow is waited for this long. */
const TRIES = 20;
const TRY_MS = 500;

const scope = (): string => (getAudience() === "team" ? "/team" : "/");

function isSupported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Of this app's own worker: the other app's may stand for a page whose own has not started yet. */
async function registered(): Promise<ServiceWorkerRegistration | null> {
  const all = await navigator.serviceWorker.getRegistrations();
  const path = scope();
  return (
    all.find((one) => one.active && new URL(one.scope).pathname.replace(/(.)\/$/, "$1") === path) ?? null
  );
}

async function waitForWorker(): Promise<ServiceWorkerRegistration | null> {
  for (let n = 0; n < TRIES; n++) {
    const found = await registered();
    if (found) return found;
    await new Promise((done) => setTimeout(done, TRY_MS));
  }
  return null;
}

async function subscribed(): Promise<PushSubscription | null> {
  if (!isSupported()) return null;
  return (await (await registered())?.pushManager.getSubscription()) ?? null;
}

/** How it stands, without asking anybody anything. Never throws. */
export async function lookAtPush(): Promise<PushState> {
  if (!isSupported()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  try {
    return (await subscribed()) ? "on" : "off";
  } catch {
    return "off";
  }
}

function bytes(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function keep(subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  const body = { endpoint, keys: { p256dh: keys?.["p256dh"], auth: keys?.["auth"] } };
  await request("/push/subscription", { method: "POST", body });
}

/** Made with an earlier key of ours it cannot be used any more, so it is made anew. */
async function subscribe(worker: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const wish = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  try {
    return await worker.pushManager.subscribe(wish);
  } catch (cause) {
    const old = await worker.pushManager.getSubscription();
    if (!old) throw cause;
    await old.unsubscribe();
    return worker.pushManager.subscribe(wish);
  }
}

/** Ask the person, then the browser, then tell the server; only after a tap. Never throws. */
export async function turnOnPush(): Promise<PushState> {
  if (!isSupported()) return "unsupported";
  // First, while the tap still counts as one: a browser asks only in answer to a tap.
  const said = await Notification.requestPermission();
  if (said !== "granted") return said === "denied" ? "denied" : "dismissed";
  let key: string | null;
  try {
    key = (await request<{ key: string | null }>("/push/key")).body?.key ?? null;
  } catch {
    return "not-kept";
  }
  if (key === null) return "no-key";
  const made = await ringable(key);
  if (!made) return "refused";
  try {
    await keep(made);
    return "on";
  } catch {
    // A browser that rings for a server that does not know it would only look as if it worked.
    await made.unsubscribe().catch(() => false);
    return "not-kept";
  }
}

async function ringable(key: string): Promise<PushSubscription | null> {
  try {
    const worker = await waitForWorker();
    return worker ? await subscribe(worker, key) : null;
  } catch {
    return null;
  }
}

/** Rung no more, also when the server cannot be told: its next try learns it. Never throws. */
export async function turnOffPush(): Promise<PushState> {
  try {
    const had = await subscribed();
    if (!had) return await lookAtPush();
    const body = { endpoint: had.endpoint };
    await request("/push/subscription", { method: "DELETE", body }).catch(() => undefined);
    await had.unsubscribe();
  } catch {
    // Whatever went wrong, how it stands now is what is shown.
  }
  return lookAtPush();
}

/** On each opening: phones drop a subscription without a word, and the server believes one for a week. Never throws. */
export async function confirmPush(): Promise<void> {
  try {
    const had = await subscribed();
    if (had) await keep(had);
  } catch {
    // Asked again at the next opening.
  }
}
