// Putting the app on the phone's first page: the browser's own offer where there is one, and how it is done where not.
import { createState } from "./state";

interface InstallOffer extends Event {
  prompt(): Promise<void>;
  userChoice: Promise<{ outcome: "accepted" | "dismissed" }>;
}

/** `offered`: one tap. `by-hand`: an iPhone or iPad, by its Share button. `done`: it runs from its own picture. */
export type InstallState = "offered" | "by-hand" | "done" | "none";
/** Whether this phone promised not to clear what the app keeps. */
export type StorageState = "kept" | "may-go" | "unknown";

export const installState = createState<InstallState>("none");
let offer: InstallOffer | null = null;

export function isInstalled(): boolean {
  const isApp = typeof matchMedia === "function" && matchMedia("(display-mode: standalone)").matches;
  return isApp || (navigator as { standalone?: boolean }).standalone === true;
}

export function isApple(agent: string, touches: number): boolean {
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1);
}

/** Called once, before the browser makes its offer. */
export function watchInstall(): void {
  if (isInstalled()) installState.set("done");
  else if (isApple(navigator.userAgent, navigator.maxTouchPoints)) installState.set("by-hand");
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event as InstallOffer;
    installState.set("offered");
  });
  addEventListener("appinstalled", () => {
    offer = null;
    installState.set("done");
    void askToKeep();
  });
  if (isInstalled()) void askToKeep();
}

/** Says what the app is and what its pictures are: not in the page itself, where both would be fetched before its words. */
export function nameManifest(): void {
  const link = document.createElement("link");
  link.rel = "manifest";
  link.href = "/manifest.webmanifest";
  document.head.append(link);
}

/** Only after a tap. */
export async function install(): Promise<void> {
  const given = offer;
  if (!given) return;
  await given.prompt();
  const { outcome } = await given.userChoice;
  // An offer can be taken once.
  offer = null;
  installState.set(outcome === "accepted" ? "done" : "none");
}

/** Ask the browser not to clear what we keep. Most say yes only to an installed app. Never throws. */
export async function askToKeep(): Promise<StorageState> {
  try {
    const storage = (navigator as Partial<Navigator>).storage;
    if (!storage?.persist) return "unknown";
    return (await storage.persisted()) || (await storage.persist()) ? "kept" : "may-go";
  } catch {
    return "unknown";
  }
}

export async function storageState(): Promise<StorageState> {
  try {
    const storage = (navigator as Partial<Navigator>).storage;
    if (!storage?.persisted) return "unknown";
    return (await storage.persisted()) ? "kept" : "may-go";
  } catch {
    return "unknown";
  }
}
