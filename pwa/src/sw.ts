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
