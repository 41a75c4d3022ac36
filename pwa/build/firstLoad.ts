// The first moment of a page: few files, of which the first begins the work, and a frame that needs no script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { reachedFiles } from "./words";

const FIRST = {
  person: ["src/main.tsx", "src/screens/today/screen.tsx"],
  team: ["src/team.tsx", "src/screens/team/triage/screen.tsx"],
};
const BEGIN = "src/begin.ts";
const STARTED = ["src/router.ts", "src/core/away.ts", "src/core/badge.ts"];
// With what keeps them: how a command is written down and sealed.
const KEPT = /\/src\/core\/(commands|seal)\.ts$/;
const SAID = /\/src\/(core\/(format|language|planDays|wall|words)|parts\/(Fill|Level|Reading))\.tsx?$/;

interface Group {
  name: string;
  test: (id: string) => boolean;
  priority: number;
}

/**
 * Without these, whatever two pages share becomes a file of its own: a dozen for the first page, each of which costs a
 * slow phone its time. `begin`: what works before the app is here. `words`: what values, days and states are said with.
 * `frame`: what both apps draw with. `today` and `triage`: the rest of each first load. None is much over 8 kB as it
 * travels: over a slow network with six lines that would be one more trip, for all of them.
 */
export function groups(root: string): Group[] {
  const from = (paths: readonly string[]): Set<string> =>
    new Set(reachedFiles(paths.map((path) => join(root, path))).keys());
  const begin = from([BEGIN]);
  const person = from(FIRST.person);
  const team = from(FIRST.team);
  // The entries stay what starts each app, with what only they bring: no other file may bring them.
  const entries = new Set([FIRST.person[0], FIRST.team[0], ...STARTED].map((path) => join(root, path ?? "")));
  const isOurs = (id: string): boolean => !entries.has(id);
  return [
    { name: "begin", priority: 4, test: (id) => begin.has(id) || KEPT.test(id) || id.includes("/node_modules/idb/") },
    // Apart, because the frame would else come in one more trip of a slow network than the others.
    { name: "preact", priority: 4, test: (id) => /\/node_modules\/preact|vite\/preload-helper/.test(id) },
    { name: "words", priority: 4, test: (id) => SAID.test(id) },
    { name: "frame", priority: 3, test: (id) => person.has(id) && team.has(id) && isOurs(id) },
    { name: "today", priority: 2, test: (id) => person.has(id) && isOurs(id) },
    { name: "triage", priority: 1, test: (id) => team.has(id) && isOurs(id) },
  ];
}

/** The frame of every page of a person, as parts/Page.tsx draws it: what is true signed in or not, locked or open. */
export function frameOf(words: Record<string, string>): string {
  const said = (key: string): string => {
    const found = words[key];
    if (found === undefined) throw new Error(`No words for ${key}`);
    return found.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  };
  return [
    `<a class="nhsuk-skip-link" href="#main">${said("skip")}</a>`,
    `<header class="al-header"><div class="al-header__inner">`,
    `<a class="al-header__name" href="/">${said("product")}</a>`,
    `<a class="al-help-now" href="/help">${said("help.now")}</a>`,
    `</div></header>`,
    `<div class="al-page"><main id="main" class="al-main" tabindex="-1"></main></div>`,
  ].join("");
}

/** Each link to a sheet, the one that both apps share first: what a page's own sheet says is then the last word. */
export function sheetsInOrder(html: string): string {
  const links = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
  const shared = links.filter((link) => link.includes("/assets/app-"));
  const sorted = [...shared, ...links.filter((link) => !shared.includes(link))];
  return links.reduce((page, link, at) => page.replace(link, `<sheet ${String(at)}>`), html).replace(
    /<sheet (\d+)>/g,
    (_, at: string) => sorted[Number(at)] ?? "",
  );
}

function sizeOf(item: { type: string; code?: string } | undefined): number {
  return item?.code?.length ?? 0;
}

/**
 * A browser has six lines to a place, and asks in the order of the page: what takes the most trips has to have one first.
 * `begin` comes before all of them, as `tag`, and the script that starts the app, the smallest, after.
 */
export function largestFirst(html: string, begin: string, size: (path: string) => number, tag: string): string {
  const found = [...html.matchAll(/\s*<link rel="modulepreload"[^>]*href="([^"]+)"[^>]*>/g)];
  const bare = found.reduce((page, [link]) => page.replace(link, ""), html);
  const links = found
    .filter(([, path]) => path !== begin)
    .sort(([, one = ""], [, other = ""]) => size(other) - size(one))
    .map(([link]) => link.trim());
  return bare.replace('<script type="module"', [tag, ...links, '<script type="module"'].join("\n    "));
}

/** Puts the frame into the person's page, and the file that begins before everything else. */
export function firstLoad(root: string): Plugin {
  return {
    name: "alongside-first-load",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle, path }) {
        if (!path.endsWith("/index.html")) return sheetsInOrder(html);
        const words = JSON.parse(readFileSync(join(root, "src/words/en.json"), "utf8")) as Record<string, string>;
        // Its picture stands in the page: fetched, it would have a line of its own while the scripts come.
        const icon = readFileSync(join(root, "public/icons/icon.svg"), "utf8").replace(/<!--.*?-->\s*/s, "");
        const framed = html
          .replace('<div id="app"></div>', `<div id="app">${frameOf(words)}</div>`)
          .replace('href="/icons/icon.svg"', `href="data:image/svg+xml,${encodeURIComponent(icon)}"`);
        if (!bundle) return framed;
        const begin = Object.keys(bundle).find((name) => /^assets\/begin-[\w-]+\.js$/.test(name));
        if (!begin) throw new Error("The build made no begin");
        // Where a browser knows the word, nothing is painted before it, so that large letters are large at once.
        const tag = `<script type="module" async blocking="render" crossorigin src="/${begin}"></script>`;
        return largestFirst(framed, `/${begin}`, (name) => sizeOf(bundle[name.slice(1)]), tag);
      },
    },
  };
}
