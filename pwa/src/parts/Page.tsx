// The frame of every screen: title, skip link, header with help always in the same place, and the words below.
import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { firstPageStands } from "../core/firstPage";
import type { NavItem } from "../core/router";
import { createState } from "../core/state";
import { t } from "../core/words";
import { HelpNow } from "./HelpNow";
import { useValue } from "./hooks";

export interface PageProps {
  title: string;
  /** Shown instead of the title as the heading, when the page greets. */
  heading?: ComponentChildren;
  caption?: ComponentChildren;
  hasError?: boolean;
  /** Before sign-in there is nowhere to go yet. */
  bare?: boolean;
  /** The address of the page above this one. */
  back?: { href: string; words: string };
  demo?: { watch: string } | null;
  /** What the team's header holds instead of the person's. */
  header?: ComponentChildren;
  wide?: boolean;
  /** It says only that it is being opened. */
  isOpening?: boolean;
  children: ComponentChildren;
}

export function Page(props: PageProps): JSX.Element {
  const isTeam = location.pathname.startsWith("/team");
  useEffect(() => {
    const error = props.hasError ? `${t("error.prefix")} ` : "";
    document.title = `${error}${props.title} - ${t("product")}`;
  }, [props.title, props.hasError]);
  // An effect runs when its page is painted.
  useEffect(() => void (props.isOpening || firstPageStands()), []);
  return (
    <>
      <Top header={props.header} demo={props.demo ?? null} isTeam={isTeam} />
      <div class={`al-page${props.wide ? " al-page--wide" : ""}`}>
        {props.back && (
          <nav aria-label={t("nav.back")}>
            <a class="nhsuk-back-link al-back" href={props.back.href}>
              {props.back.words}
            </a>
          </nav>
        )}
        <main id="main" class="al-main" tabIndex={-1}>
          <h1 class="al-title" tabIndex={-1}>
            {props.heading ?? props.title}
          </h1>
          {props.caption && <p class="al-caption">{props.caption}</p>}
          {props.children}
        </main>
        {!isTeam && !props.bare && <Foot />}
      </div>
      {!isTeam && !props.bare && <BottomNav />}
    </>
  );
}

function Top(props: {
  header: ComponentChildren;
  demo: { watch: string } | null;
  isTeam: boolean;
}): JSX.Element {
  return (
    <>
      <a class="nhsuk-skip-link" href="#main">
        {t("skip")}
      </a>
      <header class="al-header">
        <div class="al-header__inner">
          <a class="al-header__name" href={props.isTeam ? "/team" : "/"}>
            {t("product")}
          </a>
          {props.header ?? (props.isTeam ? null : <HelpNow />)}
        </div>
      </header>
      {/* Under the header, which must not move when the demonstration's words arrive. */}
      {props.demo && <DemoStrip watch={props.demo.watch} />}
    </>
  );
}

/** The only place where the product explains itself, and only in the demonstration. */
function DemoStrip(props: { watch: string }): JSX.Element {
  return (
    <aside class="al-demo" aria-label={t("demo.label")}>
      <strong>{t("demo.label")}</strong> <span>{props.watch}</span>
    </aside>
  );
}

const PLACES = [
  { item: "today", href: "/", words: "nav.today" },
  { item: "readings", href: "/readings", words: "nav.readings" },
  { item: "plan", href: "/plan", words: "nav.plan" },
  { item: "messages", href: "/messages", words: "nav.messages" },
] as const;

/** Which of the pages at the bottom the screen says it belongs to. */
export const currentNav = createState<NavItem | null>(null);

/** Below every page of a person, and above the bar: not one of the four that are opened each day. */
function Foot(): JSX.Element {
  return (
    <footer class="al-foot">
      <a class="al-foot__link" href="/settings">
        {t("nav.settings")}
      </a>
    </footer>
  );
}

function BottomNav(): JSX.Element {
  const { path } = useLocation();
  const said = useValue(currentNav);
  return (
    <nav class="al-nav" aria-label={t("nav.label")}>
      <ul class="al-nav__list">
        {PLACES.map(({ item, href, words }) => (
          <li key={href}>
            <a
              class="al-nav__link"
              href={href}
              aria-current={item === said || isHere(path, href) ? "page" : undefined}
            >
              {t(words)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isHere(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path.startsWith(href);
}
