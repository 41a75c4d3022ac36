// Keeps the shell of one app on the device so that it opens without a network. It never keeps an answer of the API.
const worker = self as unknown as ServiceWorkerGlobalScope;

interface Shell {
  version: string;
  page: string;
  files: string[];
}
/** Written by the build: what each audience's shell is made of. */
declare const __SHELLS__: Record<"person" | "team", Shell>;
/** Written by the build from `words/`: what a notification says, by language. */
declare const __NOTICES__: Record<string, Partial<Record<string, string>>>;
/** Set by the build `npm run build -- --mode kill`: a worker that removes itself, for the day a bad one is out. */
declare const __KILL__: boolean;

const asked = new URL(worker.location.href).searchParams;
const audience = asked.get("audience") === "team" ? "team" : "person";
const notices = { ...__NOTICES__["en"], ...__NOTICES__[asked.get("language") ?? "en"] };
const shell = __SHELLS__[audience];
const PREFIX = `alongside-${audience}-`;
const CACHE = PREFIX + shell.version;
const ANSWER_MS = 2000;
/** The sheets for a language from right to left. Few phones need them, so they are kept from the first use on. */
const TURNED = shell.files.filter((path) => path.endsWith(".css")).map((path) => path.replace(/css$/, "rtl.css"));

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") void worker.skipWaiting();
  if (event.data === "claim" && !__KILL__) event.waitUntil(worker.clients.claim());
});
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (__KILL__ || event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (event.request.mode === "navigate") event.respondWith(openPage(event.request));
  else if (shell.files.includes(url.pathname)) event.respondWith(fromShell(event.request));
  else if (TURNED.includes(url.pathname)) event.respondWith(turned(event.request));
});
// What is inside says only that there is something. It is always shown: a phone ends a push that shows nothing.
worker.addEventListener("push", (event) => {
  if (!__KILL__) event.waitUntil(show());
});
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openApp());
});

/** No word about health, and no name: it stands on a locked screen that anybody in the room can read. */
async function show(): Promise<void> {
  const looks: NotificationOptions & { renotify: boolean } = {
    body: notices[audience === "team" ? "notice.team" : "notice.person"] ?? "",
    // One notification, brought up anew each time, instead of a pile of the same words.
    tag: `alongside-${audience}`,
    renotify: true,
    requireInteraction: audience === "team",
  };
  await worker.registration.showNotification("Alongside", looks);
}

/** The page that is open already, else a new one. */
async function openApp(): Promise<void> {
  const home = audience === "team" ? "/team/" : "/";
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const mine = pages.find((page) => new URL(page.url).pathname.startsWith("/team") === (audience === "team"));
  if (mine) await mine.focus();
  else await worker.clients.openWindow(home);
}

async function install(): Promise<void> {
  // The same shell in a changed worker (the other audience's files moved) needs nobody's attention.
  if (__KILL__ || (await isWhole())) return worker.skipWaiting();
  const more = (await usesTurned()) ? TURNED : [];
  const cache = await caches.open(CACHE);
  await cache.addAll([shell.page, ...shell.files, ...more].map((path) => new Request(path, { cache: "reload" })));
}

/** The place of a version may be there without its files: its install failed, or the browser was killed in it. */
async function isWhole(): Promise<boolean> {
  if (!(await caches.has(CACHE))) return false;
  const cache = await caches.open(CACHE);
  const found = await Promise.all([shell.page, ...shell.files].map((path) => cache.match(path)));
  return found.every((one) => one !== undefined);
}

/** Whether the version before this one kept such a sheet: then the new one must have its own before it takes over. */
async function usesTurned(): Promise<boolean> {
  const mine = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const kept = await Promise.all(mine.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().some((request) => request.url.endsWith(".rtl.css"));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && (__KILL__ || name !== CACHE)) await caches.delete(name);
  }
  if (!__KILL__) return worker.clients.claim();
  await worker.registration.unregister();
  const pages = await worker.clients.matchAll({ type: "window" });
  await Promise.all(pages.map(async (page) => (await startsItself(page)) || page.navigate(page.url)));
}

/** A page starts anew by itself where it is, unless it holds words that are not saved; then at its next opening. */
function startsItself(page: Client): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = () => done(true);
    // Too broken to answer: the very page that has to go.
    setTimeout(() => done(false), ANSWER_MS);
    page.postMessage("start-anew", [port2]);
  });
}

let place: Promise<Cache> | null = null;

/** Opened once for all that a page asks for in its first moment. */
function kept(): Promise<Cache> {
  place ??= caches.open(CACHE).catch((cause: unknown) => {
    place = null;
    throw cause;
  });
  return place;
}

/** The kept page first: it opens at once, and a captive portal cannot put its own page in the app's place. */
async function openPage(request: Request): Promise<Response> {
  const isShell = audience === "team" || !new URL(request.url).pathname.startsWith("/team");
  const page = isShell ? await (await kept()).match(shell.page) : undefined;
  return page ?? fetch(request);
}

/** By the path alone: told to overlook what follows a "?", a browser opens one kept file after another to compare. */
async function fromShell(request: Request): Promise<Response> {
  return (await (await kept()).match(new URL(request.url).pathname)) ?? fetch(request);
}

async function turned(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
