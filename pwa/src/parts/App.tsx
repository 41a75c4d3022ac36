// Starts one of the two apps: who is signed in, the live line, the service worker, and the screens by address.
import { Fragment, render, type ComponentChildren, type ComponentType, type JSX } from "preact";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { setAudience } from "../core/api";
import { onLive, startLive } from "../core/live";
import { confirmPush } from "../core/push";
import type { ScreenModule } from "../core/router";
import { confirmSession, sessionState, startSession } from "../core/session";
import { startSync } from "../core/sync";
import { t } from "../core/words";
import type { Audience } from "../core/types";
import { useSession } from "./hooks";
import { Page } from "./Page";
import { Waiting } from "./Waiting";
import { startWorker, UpdateBar } from "./UpdateBar";

export interface Entry {
  audience: Audience;
  screens: ScreenModule[];
  signIn: string;
  scope: RegExp;
  workerScope: string;
  /** What stands around every page, such as the lock of a desk. */
  around?: ComponentType<{ children: ComponentChildren }>;
}

export function startApp(entry: Entry): void {
  setAudience(entry.audience);
  void startSession();
  startSync();
  keepLive(entry.audience);
  const root = document.getElementById("app");
  if (root) render(<App entry={entry} />, root);
  startWorker(entry.audience, entry.workerScope);
}

/** The live line is up exactly while somebody is signed in. */
function keepLive(audience: Audience): void {
  let stop: (() => void) | null = null;
  onLive((event) => void (event.t === "hello" && confirmSession()));
  let pushConfirmed = false;
  sessionState.subscribe(() => {
    const state = sessionState.get();
    if (state.kind === "in") stop ??= startLive(audience);
    // Once an opening and once for each who signs in, whose browser it then is.
    if (state.kind === "in" && state.confirmed && !pushConfirmed) void confirmPush();
    pushConfirmed = state.kind === "in" && (pushConfirmed || state.confirmed);
    if (state.kind === "out") {
      stop?.();
      stop = null;
    }
  });
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
          <Route key={screen.address} path={screen.address} component={guard(screen, entry.signIn)} />
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

const guarded = new Map<ScreenModule, () => JSX.Element>();

function guard(screen: ScreenModule, signIn: string): () => JSX.Element {
  const known = guarded.get(screen);
  if (known) return known;
  const Guarded = (): JSX.Element => {
    const session = useSession();
    const { route } = useLocation();
    const away = session.kind === "out" && !screen.open;
    useEffect(() => {
      if (away) route(signIn, true);
    }, [away]);
    if (screen.open) return <screen.Screen />;
    return session.kind === "in" ? <screen.Screen /> : <Opening />;
  };
  guarded.set(screen, Guarded);
  return Guarded;
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
