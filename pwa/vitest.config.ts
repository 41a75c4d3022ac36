// Unit tests of core and of the parts that print values; screens are tested in a real browser.
import preact from "@preact/preset-vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { appScreens } from "./build/screens";
import { appWords } from "./build/words";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  plugins: [preact({ prefreshEnabled: false }), appScreens(root), appWords(root)],
  // No test fails because a machine is slow: the limits are for what hangs.
  test: { testTimeout: 60_000, hookTimeout: 60_000, environment: "jsdom", setupFiles: ["src/testing/words.ts"], include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.{ts,tsx}"] },
});
