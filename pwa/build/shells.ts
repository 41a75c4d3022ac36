// The build's own step: which files each app's offline shell needs, and the list of addresses for the sweeps.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { screensIn } from "./screens";

interface Chunk {
  type: "chunk";
  fileName: string;
  code: string;
  facadeModuleId?: string | null;
  imports: string[];
  dynamicImports: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}
interface Asset {
  type: "asset";
  fileName: string;
  source: string | Uint8Array;
}
type Bundle = Record<string, Chunk | Asset>;

/** Files of public/ that an app needs offline. */
const PUBLIC: Record<"person" | "team", string[]> = {
  person: ["/manifest.webmanifest", "/icons/icon-192.png"],
  team: ["/team.webmanifest", "/icons/icon-192.png"],
};

function carriedBy(chunk: Chunk): string[] {
  return [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])];
}

function reach(bundle: Bundle, name: string, found: Set<string>): void {
  const chunk = bundle[name];
  if (!chunk || chunk.type !== "chunk" || found.has(name)) return;
  found.add(name);
  for (const file of carriedBy(chunk)) found.add(file);
  for (const next of [...chunk.imports, ...chunk.dynamicImports]) reach(bundle, next, found);
}

function shellOf(
  bundle: Bundle,
  audience: "person" | "team",
): { version: string; page: string; files: string[] } {
  const page = audience === "person" ? "index.html" : "team.html";
  const entry = Object.values(bundle).find(
    (item): item is Chunk => item.type === "chunk" && (item.facadeModuleId ?? "").endsWith(page),
  );
  if (!entry) throw new Error(`No entry for ${page}`);
  const found = new Set<string>();
  reach(bundle, entry.fileName, found);
  const files = [...found].sort();
  const hash = createHash("sha256");
  for (const file of [page, ...files]) {
    const item = bundle[file];
    hash.update(file).update(item?.type === "asset" ? item.source : (item?.code ?? ""));
  }
  const paths = files.map((file) => `/${file}`);
  const address = audience === "person" ? "/" : "/team";
  return { version: hash.digest("hex").slice(0, 12), page: address, files: [...paths, ...PUBLIC[audience]] };
}

export interface Listed {
  address: string;
  open: boolean;
  /** A real address of it, for one whose address has parts. */
  example: string | null;
}

/** Every screen's address, read from the files themselves so that a new screen cannot be missed. */
export function addressesIn(folder: string): Listed[] {
  return screensIn(folder).map(({ address, open, example }) => ({ address, open, example }));
}

/** What a notification says, by language: the words whose keys begin with `notice.`. */
export function noticesIn(folder: string): Record<string, Record<string, string>> {
  const spoken = readdirSync(folder).filter((file) => /^[\w-]+\.json$/.test(file));
  const said = spoken.map((file) => {
    const words = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, string>;
    const notices = Object.entries(words).filter(([key]) => key.startsWith("notice."));
    return [file.replace(".json", ""), Object.fromEntries(notices)] as const;
  });
  return Object.fromEntries(said);
}

export function shells(root: string, mode: string): Plugin {
  return {
    name: "alongside-shells",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, output) {
        const bundle = output as unknown as Bundle;
        const worker = bundle["sw.js"];
        if (!worker || worker.type !== "chunk") throw new Error("The build made no sw.js");
        const lists = { person: shellOf(bundle, "person"), team: shellOf(bundle, "team") };
        worker.code = worker.code
          .replaceAll("__SHELLS__", JSON.stringify(lists))
          .replaceAll("__NOTICES__", JSON.stringify(noticesIn(join(root, "src/words"))))
          .replaceAll("__KILL__", String(mode === "kill"));
        const routes = {
          person: addressesIn(join(root, "src/screens")),
          team: addressesIn(join(root, "src/screens/team")),
        };
        this.emitFile({ type: "asset", fileName: "routes.json", source: JSON.stringify(routes, null, 1) });
      },
    },
  };
}
