// Keeps the shell of one app on the device so that it opens without a network. It never keeps an answer of the API.
const worker = self as unknown as ServiceWorkerGlobalScope;

interface Shell {
  version: string;
  page: string;
  files: string[];
}
/** Written by the build: what each audience's shell is made of. */
declare const __SHELLS__: Record<"person" | "team", Shell>;
/** Set by the build `npm run build -- --mode kill`: a worker that removes itself, for the day a bad one is out. */
declare const __KILL__: boolean;

const audience = new URL(worker.location.href).searchParams.get("audience") === "team" ? "team" : "person";
const shell = __SHELLS__[audience];
const PREFIX = `alongside-${audience}-`;
const CACHE = PREFIX + shell.version;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (__KILL__ || event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith("/api/")) return;
  if (event.request.mode === "navigate") event.respondWith(openPage(event.request));
  else if (shell.files.includes(url.pathname)) event.respondWith(fromShell(event.request));
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
  const body = audience === "team" ? "Something waits. Open the list." : "There is something for you. Open the app.";
  const looks: NotificationOptions & { renotify: boolean } = {
    body,
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
  if (__KILL__ || (await caches.has(CACHE))) return worker.skipWaiting();
  const cache = await caches.open(CACHE);
  await cache.addAll([shell.page, ...shell.files].map((path) => new Request(path, { cache: "reload" })));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && (__KILL__ || name !== CACHE)) await caches.delete(name);
  }
  if (!__KILL__) return worker.clients.claim();
  await worker.registration.unregister();
  for (const client of await worker.clients.matchAll({ type: "window" })) await client.navigate(client.url);
}

/** The kept page first: it opens at once, and a captive portal cannot put its own page in the app's place. */
async function openPage(request: Request): Promise<Response> {
  const isShell = audience === "team" || !new URL(request.url).pathname.startsWith("/team");
  const kept = isShell ? await (await caches.open(CACHE)).match(shell.page) : undefined;
  return kept ?? fetch(request);
}

async function fromShell(request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(request, { ignoreSearch: true })) ?? fetch(request);
}
