// Starts one of the two apps: who is signed in, the live line, the service worker, and the screens by address.
import { Fragment, render, type ComponentChildren, type ComponentType, type JSX } from "preact";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { setAudience } from "../core/api";
import { bringAfterFirstPage } from "../core/firstPage";
import type { ScreenEntry } from "../core/router";
import { openHere, startSession } from "../core/session";
import { startSync } from "../core/sync";
import { learnRest, t } from "../core/words";
import type { Audience } from "../core/types";
import { vaultState } from "../core/vault";
import { useSession, useValue } from "./hooks";
import { currentNav, Page } from "./Page";
import { Waiting } from "./Waiting";
import { startWorker, UpdateBar } from "./UpdateBar";

export interface Entry {
  audience: Audience;
  screens: ScreenEntry[];
  signIn: string;
  scope: RegExp;
  workerScope: string;
  /** What stands around every page, such as the lock of a desk. */
  around?: ComponentType<{ children: ComponentChildren }>;
  /** What stands in the place of a page while the phone is locked. */
  unlock?: ScreenEntry;
}

/** How long the page waits to be drawn whole; what the build put into it, with the way to help, stands until then. */
const PATIENCE_MS = 500;

/** Resolves when the first page stands. */
export async function startApp(entry: Entry): Promise<void> {
  setAudience(entry.audience);
  if (entry.audience === "person") await atMost(openHere(), PATIENCE_MS);
  const root = document.getElementById("app");
  if (root) render(<App entry={entry} />, root);
  void startSession();
  startSync();
  bringAfterFirstPage(() => import("../core/liveLine"), ({ keepLive }) => keepLive(entry.audience));
  startWorker(entry.audience, entry.workerScope);
}

function atMost(work: Promise<unknown>, ms: number): Promise<unknown> {
  return Promise.race([work, new Promise((done) => setTimeout(done, ms))]);
}

function App(props: { entry: Entry }): JSX.Element {
  const { entry } = props;
  const Around = entry.around ?? Fragment;
  return (
    <LocationProvider scope={entry.scope}>
      <UpdateBar />
      <Around>
      <Router onRouteChange={focusHeading}>
        {entry.screens.map((screen) => (
          <Route key={screen.address} path={screen.address} component={guard(screen, entry)} />
        ))}
        <Route default component={NotFound} />
      </Router>
      </Around>
    </LocationProvider>
  );
}

/** A screen reader hears the new page by its heading, as it would after a page load. */
function focusHeading(): void {
  requestAnimationFrame(() => {
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  });
}

const guarded = new Map<ScreenEntry, () => JSX.Element>();

function guard(screen: ScreenEntry, entry: Entry): () => JSX.Element {
  const known = guarded.get(screen);
  if (known) return known;
  const Guarded = (): JSX.Element => {
    const { route } = useLocation();
    const now = useAccess(screen);
    useEffect(() => {
      if (now === "away") route(entry.signIn, true);
    }, [now]);
    useEffect(() => currentNav.set(screen.nav ?? null), []);
    if (now === "locked" && entry.unlock) return <Brought screen={entry.unlock} />;
    return now === "shown" ? <Brought screen={screen} /> : <Opening />;
  };
  guarded.set(screen, Guarded);
  return Guarded;
}

/** A locked phone and a signed-out one still open help, and whatever records a reading. */
function useAccess(screen: ScreenEntry): "shown" | "locked" | "away" | "looking" {
  const session = useSession();
  const locked = useValue(vaultState).state === "locked";
  if (screen.open) return "shown";
  if (session.kind === "out") return "away";
  if (locked) return "locked";
  return session.kind === "in" ? "shown" : "looking";
}

const brought = new Map<ScreenEntry, ComponentType>();

/** A screen that is not in the first load comes when it is opened; from the device, once the worker keeps it. */
function Brought(props: { screen: ScreenEntry }): JSX.Element {
  const { screen } = props;
  const Known = screen.Screen ?? brought.get(screen);
  const [state, setState] = useState<"waiting" | "here" | "failed">(Known ? "here" : "waiting");
  const bring = (): void => {
    setState("waiting");
    // Its words may not be here yet either.
    Promise.all([screen.load?.(), learnRest()]).then(
      ([module]) => {
        if (!module) return;
        brought.set(screen, module.Screen);
        setState("here");
        focusHeading();
      },
      () => setState("failed"),
    );
  };
  useEffect(() => {
    if (!Known) bring();
  }, []);
  if (Known) return <Known />;
  return state === "failed" ? <NotBrought again={bring} /> : <Opening />;
}

function NotBrought(props: { again: () => void }): JSX.Element {
  return (
    <Page title={t("notBrought.title")}>
      <p>{t("notBrought.words")}</p>
      <button class="al-button al-button--main" type="button" onClick={props.again}>
        {t("notBrought.again")}
      </button>
    </Page>
  );
}

function Opening(): JSX.Element {
  return <Waiting title={t("opening.title")} words={t("opening.words")} bare />;
}

function NotFound(): JSX.Element {
  return (
    <Page title={t("notFound.title")}>
      <p>{t("notFound.words")}</p>
      <p>
        <a href={location.pathname.startsWith("/team") ? "/team" : "/"}>{t("notFound.home")}</a>
      </p>
    </Page>
  );
}
