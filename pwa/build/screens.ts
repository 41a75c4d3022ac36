// The lists of both apps' screens, read from their folders at build: each comes when it is opened, but the first one at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface App {
  folder: string;
  /** In the first load: what most people open, and open first. */
  atOnce: string;
}

/** By the name under which an entry imports its list. */
const APPS: Record<string, App> = {
  "virtual:person-screens": { folder: "src/screens", atOnce: "today" },
  "virtual:team-screens": { folder: "src/screens/team", atOnce: "triage" },
};

export interface Found {
  folder: string;
  address: string;
  open: boolean;
  nav: string | null;
  /** A real address of it, for one whose address has parts. */
  example: string | null;
}

/** Every screen of a folder, by address. A screen says what it is in literal words, so that this needs no compiler. */
export function screensIn(folder: string): Found[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const file = join(folder, entry.name, "screen.tsx");
      let text: string;
      try {
        text = readFileSync(file, "utf8");
      } catch {
        return [];
      }
      const address = /export const address = "([^"]+)"/.exec(text)?.[1];
      if (!address) throw new Error(`${file} exports no address`);
      const open = /export const open = true/.test(text);
      const said = (name: string): string | null =>
        new RegExp(`export const ${name} = "([^"]+)"`).exec(text)?.[1] ?? null;
      const facts = { open, nav: said("nav"), example: said("example") };
      return [{ folder: entry.name, address, ...facts }];
    })
    .sort((a, b) => a.address.localeCompare(b.address));
}

function written(found: Found, folder: string, atOnce: string): string {
  const path = JSON.stringify(`${folder}/${found.folder}/screen.tsx`);
  // What only the build and its tests ask for stays out of the app.
  const { address, open, nav } = found;
  const facts = JSON.stringify({ address, open, nav }).slice(0, -1);
  if (found.folder === atOnce) return `${facts}, Screen }`;
  return `${facts}, load: () => import(${path}) }`;
}

function listed(folder: string, atOnce: string): string {
  const screens = screensIn(folder);
  const addresses = new Set(screens.map((screen) => screen.address));
  if (addresses.size !== screens.length) throw new Error("Two screens have one address.");
  const list = screens.map((found) => written(found, folder, atOnce)).join(",\n");
  return `import { Screen } from ${JSON.stringify(`${folder}/${atOnce}/screen.tsx`)};\nexport default [\n${list}\n];`;
}

export function appScreens(root: string): Plugin {
  return {
    name: "alongside-screens",
    resolveId: (id) => (Object.hasOwn(APPS, id) ? `\0${id}` : null),
    load(id) {
      const app = id.startsWith("\0") ? APPS[id.slice(1)] : undefined;
      return app ? listed(join(root, app.folder), app.atOnce) : null;
    },
  };
}
