// Cuts the words in two: those of the first page come with it, the others when the first other page is opened.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

type Words = Record<string, unknown>;

interface App {
  entry: string;
  /** Drawn at once, though the entry names it only in the list of screens. */
  first: string;
  words: string[];
}

const APPS: Record<string, App> = {
  person: { entry: "src/main.tsx", first: "src/screens/today/screen.tsx", words: ["src/words/en.json"] },
  team: {
    entry: "src/team.tsx",
    first: "src/screens/team/triage/screen.tsx",
    words: ["src/words/en.json", "src/words/team.en.json"],
  },
};

const AT_ONCE = /(?:from|import) "(\.[^"]+)"/g;
const EVER = /(?:from |import |import\()"(\.[^"]+)"/g;

/** Every file that these lead to without waiting, with its text: what stands in the first load. `EVER`: later, too. */
export function reachedFiles(from: readonly string[], by = AT_ONCE): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    const text = readFileSync(file, "utf8");
    found.set(file, text);
    // What is imported as a type only is gone when the app is built.
    for (const [, path = ""] of text.replace(/^(?:import|export) type [^;]*;/gm, "").matchAll(by)) {
      const at = resolve(dirname(file), path);
      const next = [`${at}.ts`, `${at}.tsx`].find((one) => existsSync(one));
      if (next) visit(next);
    }
  };
  from.forEach(visit);
  return found;
}

/** The text of all of them. */
export function reached(from: readonly string[]): string {
  return [...reachedFiles(from).values()].join("\n");
}

/** The text of all that these ever bring. */
export function reachedEver(from: readonly string[]): string {
  return [...reachedFiles(from, EVER).values()].join("\n");
}

/** Whether a text names a key: whole, or by the beginning of one that is finished from a code of the service. */
export function namesIn(text: string): (key: string) => boolean {
  const beginnings = [
    ...[...text.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? ""),
    ...[...text.matchAll(/wordFor\("([\w.-]+)"/g)].map((match) => `${match[1] ?? ""}.`),
  ];
  return (key) => text.includes(`"${key}"`) || beginnings.some((one) => key.startsWith(one));
}

export function cut(root: string, app: App): { first: Words; rest: Words } {
  const isNamed = namesIn(reached([join(root, app.entry), join(root, app.first)]));
  const all = app.words.flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(join(root, file), "utf8")) as Words),
  );
  return {
    first: Object.fromEntries(all.filter(([key]) => isNamed(key))),
    rest: Object.fromEntries(all.filter(([key]) => !isNamed(key))),
  };
}

/** `virtual:words/person/first`, `…/rest`, and the same for the team. */
export function appWords(root: string): Plugin {
  return {
    name: "alongside-words",
    resolveId: (id) => (id.startsWith("virtual:words/") ? `\0${id}` : null),
    load(id) {
      const [, name = "", part = ""] = /^\0virtual:words\/(\w+)\/(first|rest)$/.exec(id) ?? [];
      const app = APPS[name];
      if (!app) return null;
      for (const file of app.words) this.addWatchFile(join(root, file));
      return `export default ${JSON.stringify(cut(root, app)[part as "first" | "rest"])};`;
    },
  };
}
