// Unit tests of core and of the parts that print values; screens are tested in a real browser.
import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [preact({ prefreshEnabled: false })],
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"] },
});
