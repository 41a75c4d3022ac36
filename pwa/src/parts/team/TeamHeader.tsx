// What a team's pages have on top: where to go, whether an emergency will sound, locking, and who is signed in.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import type { Worklist } from "../../core/deskTypes";
import { lock } from "../../core/lock";
import { worklist } from "../../core/resources";
import { signOut } from "../../core/session";
import { soundState, turnSound } from "../../core/sound";
import { plansWaiting } from "../../core/teamPlan";
import { t, type WordKey } from "../../core/words";
import { useResource, useSession, useValue } from "../hooks";
import { hasList, placesFor, type Place as Where } from "./places";

export function TeamHeader(): JSX.Element {
  const session = useSession();
  const { path } = useLocation();
  const role = session.kind === "in" ? session.session.role : null;
  const isDesk = session.kind === "in" && hasList(role);
  const list = useResource(useMemo(() => (isDesk ? worklist() : null), [isDesk])).body;
  const plans = useResource(useMemo(() => (isDesk ? plansWaiting() : null), [isDesk])).body?.rows.length ?? 0;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div class="al-desk-top">
        {isDesk && <SoundButton />}
        <button
          class="al-desk-nav__button al-desk-menu"
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t("desk.menu")}
        </button>
      </div>
      <nav class={`al-desk-nav${isOpen ? " al-desk-nav--open" : ""}`} aria-label={t("nav.label")}>
        {placesFor(role).map((place) => (
          <Place key={place.href} place={place} path={path} words={placeWords(place, list, plans)} />
        ))}
      </nav>
      <div class={`al-desk-tools${isOpen ? " al-desk-tools--open" : ""}`}>
        {isDesk && (
          <button class="al-desk-nav__button" type="button" onClick={lock}>
            {t("desk.lock")}
          </button>
        )}
        {session.kind === "in" && <SignOut name={session.session.display_name} />}
      </div>
    </>
  );
}

/** With what waits there, as far as it is known. */
function placeWords(place: Where, list: Worklist | null, plans: number): string {
  const counts: Partial<Record<string, { n: number; words: WordKey }>> = {
    "/team/quarantine": { n: list?.quarantine.open ?? 0, words: "desk.heldCount" },
    "/team/handover": { n: list?.counts.handed_to_me ?? 0, words: "handover.navCount" },
    "/team/plans": { n: plans, words: "plans.navCount" },
  };
  const count = counts[place.href];
  return count && count.n > 0 ? t(count.words, { n: count.n }) : t(place.words);
}

function SignOut(props: { name: string }): JSX.Element {
  return (
    <button
      class="al-desk-nav__button"
      type="button"
      onClick={() => void signOut().catch(() => undefined)}
    >
      {t("desk.signOut")} <span class="al-desk-nav__me">{props.name}</span>
    </button>
  );
}

function Place(props: { place: Where; path: string; words: string }): JSX.Element {
  const { place } = props;
  return (
    <a
      class="al-desk-nav__link"
      href={place.href}
      aria-current={props.path === place.href ? "page" : undefined}
    >
      {props.words}
    </a>
  );
}

/** Sound needs a tap: the button says plainly when an emergency would be silent. */
export function SoundButton(): JSX.Element {
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
