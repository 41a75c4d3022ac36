// Builds two apps (the person's and the team's) and their service worker, with nothing inline, so that the CSP can be strict.
import preact from "@preact/preset-vite";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { shells } from "./build/shells";

const root = fileURLToPath(new URL(".", import.meta.url));

/** The design system's own icons, at the address its style sheet asks for; its NHS logo files stay out. */
function designSystemImages(): Plugin {
  const from = `${root}node_modules/nhsuk-frontend/dist/nhsuk/assets/images`;
  return {
    name: "nhsuk-images",
    apply: "build",
    writeBundle: () =>
      cpSync(from, `${root}dist/assets/images`, {
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
      handler: () => {
        for (const name of readdirSync(`${root}dist`, { recursive: true, encoding: "utf8" })) {
          if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
          const bytes = readFileSync(`${root}dist/${name}`);
          writeFileSync(`${root}dist/${name}.gz`, gzipSync(bytes, { level: 9 }));
          writeFileSync(`${root}dist/${name}.br`, brotliCompressSync(bytes));
        }
      },
    },
  };
}

export default defineConfig(({ mode }) => ({
  root,
  plugins: [
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    shells(root, mode),
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
      },
    },
  },
  server: { proxy: { "/api": process.env["ALONGSIDE_API"] ?? "http://localhost:8080" } },
}));
