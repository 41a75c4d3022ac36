// What a team's pages have on top: where to go, whether an emergency will sound, and who is signed in.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { signOut } from "../../core/session";
import { soundState, turnSound } from "../../core/sound";
import { t } from "../../core/words";
import { useSession, useValue } from "../hooks";
import { useIsInstaller } from "./KitParts";

export function TeamHeader(props: { held?: number }): JSX.Element {
  const session = useSession();
  const { path } = useLocation();
  const isInstaller = useIsInstaller();
  return (
    <>
      <nav class="al-desk-nav" aria-label={t("nav.label")}>
        {!isInstaller && (
          <>
            <Place href="/team" path={path} words={t("desk.worklist")} />
            <Place
              href="/team/quarantine"
              path={path}
              words={props.held ? t("desk.heldCount", { n: props.held }) : t("desk.held")}
            />
          </>
        )}
        <Place href="/team/kit" path={path} words={t("kitList.title")} />
      </nav>
      <div class="al-desk-tools">
        {!isInstaller && <SoundButton />}
        {session.kind === "in" && (
          <button
            class="al-desk-nav__button"
            type="button"
            onClick={() => void signOut().catch(() => undefined)}
          >
            {t("desk.signOut")} <span class="al-desk-nav__me">{session.session.display_name}</span>
          </button>
        )}
      </div>
    </>
  );
}

function Place(props: { href: string; path: string; words: string }): JSX.Element {
  return (
    <a
      class="al-desk-nav__link"
      href={props.href}
      aria-current={props.path === props.href ? "page" : undefined}
    >
      {props.words}
    </a>
  );
}

/** Sound needs a tap: the button says plainly when an emergency would be silent. */
function SoundButton(): JSX.Element {
  const state = useValue(soundState);
  return (
    <button
      class="al-desk-nav__button al-sound"
      type="button"
      aria-pressed={state === "on"}
      onClick={() => void turnSound(state !== "on")}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
        <path d="M4 9v6h4l6 5V4L8 9Z" fill="currentColor" />
        {state === "on" ? (
          <path
            d="M17 8c2 2 2 6 0 8M19.5 5.5c4 4 4 9 0 13"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
          />
        ) : (
          <path d="m17 9 6 6m0-6-6 6" fill="none" stroke="currentColor" stroke-width="2" />
        )}
      </svg>
      {t(`sound.${state}`)}
    </button>
  );
}
