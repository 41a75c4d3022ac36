// A new version waits until the person says so, because a reload in the middle of a form loses what was typed.
import type { JSX } from "preact";
import { unsavedForms } from "../core/drafts";
import { chosenLanguage } from "../core/language";
import { createState } from "../core/state";
import { t } from "../core/words";
import type { Audience } from "../core/types";
import { useValue } from "./hooks";

const AFTER_LOAD_MS = 1000;
const waiting = createState<ServiceWorker | null>(null);

export function startWorker(audience: Audience, scope: string): void {
  // Absent on plain http away from localhost: the app then works, but not offline.
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  if (!workers || import.meta.env.DEV) return;
  let asked = false;
  workers.addEventListener("controllerchange", () => {
    if (asked) location.reload();
  });
  addEventListener("alongside-update", () => (asked = true));
  // From a worker that removes itself.
  workers.addEventListener("message", ({ data, ports }) => {
    if (data !== "start-anew") return;
    ports[0]?.postMessage("heard");
    if (unsavedForms.get() === 0) location.reload();
  });
  // The first screen matters more than keeping it, so the worker starts when the screen stands.
  const start = (): unknown => setTimeout(() => void register(workers, audience, scope), AFTER_LOAD_MS);
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}

async function register(workers: ServiceWorkerContainer, audience: Audience, scope: string): Promise<void> {
  try {
    const language = chosenLanguage();
    const spoken = language === "en" ? "" : `&language=${language}`;
    const registration = await workers.register(`/sw.js?audience=${audience}${spoken}`, {
      scope,
      updateViaCache: "none",
    });
    // A page that was on its way while the worker took over is nobody's, and its next screen would not come offline.
    if (registration.active && workers.controller !== registration.active) registration.active.postMessage("claim");
    if (registration.waiting && registration.active) waiting.set(registration.waiting);
    registration.addEventListener("updatefound", () => notice(registration));
    setInterval(() => void registration.update().catch(() => undefined), 3600_000);
  } catch {
    // A browser that keeps nothing still shows everything while it is connected.
  }
}

function notice(registration: ServiceWorkerRegistration): void {
  const next = registration.installing;
  // The page's controller may be the other app's worker, so only this registration's own active worker counts.
  next?.addEventListener("statechange", () => {
    if (next.state === "installed" && registration.active) waiting.set(registration.waiting);
    // It took over by itself, because the pages are the same: nobody has anything to choose.
    else if (waiting.get() === next) waiting.set(null);
  });
}

export function UpdateBar(): JSX.Element | null {
  const next = useValue(waiting);
  const isMidForm = useValue(unsavedForms) > 0;
  if (!next) return null;
  const update = (): void => {
    dispatchEvent(new Event("alongside-update"));
    next.postMessage("skip-waiting");
  };
  return (
    <aside class="al-update" aria-label={t("update.label")}>
      <p class="al-update__words">{t(isMidForm ? "update.midForm" : "update.words")}</p>
      {!isMidForm && (
        <button class="al-button al-button--quiet" type="button" onClick={update}>
          {t("update.now")}
        </button>
      )}
    </aside>
  );
}
