// Builds two apps (the person's and the team's) and their service worker, with nothing inline, so that the CSP can be strict.
import preact from "@preact/preset-vite";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { firstLoad, groups } from "./build/firstLoad";
import { appScreens } from "./build/screens";
import { appWords } from "./build/words";
import { shells } from "./build/shells";
import { turned } from "./build/turned";

const root = fileURLToPath(new URL(".", import.meta.url));

/** The design system's own icons, at the address its style sheet asks for; its NHS logo files stay out. */
function designSystemImages(): Plugin {
  const from = `${root}node_modules/nhsuk-frontend/dist/nhsuk/assets/images`;
  return {
    name: "nhsuk-images",
    apply: "build",
    writeBundle: ({ dir }) =>
      cpSync(from, `${dir ?? "dist"}/assets/images`, {
        recursive: true,
        filter: (path) => !/favicon|-icon-\d+\.png|mask-icon|opengraph|logo/.test(path),
      }),
  };
}

/** Pressed once here, at the best setting, so that the server only picks the file that the browser can read. */
function pressed(): Plugin {
  return {
    name: "pressed",
    apply: "build",
    writeBundle: {
      order: "post",
      sequential: true,
      handler: ({ dir = "dist" }) => {
        for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
          if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
          const bytes = readFileSync(`${dir}/${name}`);
          writeFileSync(`${dir}/${name}.gz`, gzipSync(bytes, { level: 9 }));
          writeFileSync(`${dir}/${name}.br`, brotliCompressSync(bytes));
        }
      },
    },
  };
}

export default defineConfig(({ mode }) => ({
  root,
  plugins: [
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    appScreens(root),
    appWords(root),
    firstLoad(root),
    shells(root, mode),
    turned(),
    designSystemImages(),
    pressed(),
  ],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: `${root}index.html`, team: `${root}team.html`, sw: `${root}src/sw.ts` },
      output: {
        entryFileNames: (chunk: { name: string }) =>
          chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js",
        codeSplitting: { groups: groups(root) },
      },
    },
  },
  server: { proxy: { "/api": process.env["ALONGSIDE_API"] ?? "http://localhost:8080" } },
}));
