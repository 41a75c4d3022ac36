// Holds the screens to the design system: a class that no rule knows would change the look without a word.
// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { compile, Logger } from "sass";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function cssOf(entry: string): string {
  const made = compile(`${root}src/styles/${entry}`, {
    loadPaths: [`${root}node_modules`],
    style: "compressed",
    quietDeps: true,
    logger: Logger.silent,
  });
  return made.css;
}

const css = cssOf("app.scss");
const known = new Set([...css.matchAll(/\.(nhsuk-[\w-]+)/g)].map((found) => found[1] ?? ""));
const sources = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith("types.gen.ts"))
  .map((name) => readFileSync(`${root}src/${name}`, "utf8"));

/** Names as they stand in the sources; one that ends in "-" is finished when it is drawn. */
const used = new Set(sources.flatMap((text) => [...text.matchAll(/nhsuk-(?!frontend)[\w-]+/g)].map((found) => found[0])));

describe("the design system", () => {
  it.each([...used])("has rules for %s", (name) => {
    const found = name.endsWith("-") ? [...known].some((one) => one.startsWith(name)) : known.has(name);
    expect(found).toBe(true);
  });
  it("stays within its 35 kB", () => {
    const bytes = gzipSync(css, { level: 9 }).length;
    console.info(`CSS of the person's app: ${(bytes / 1024).toFixed(1)} kB gzip of 35`);
    expect(bytes).toBeLessThanOrEqual(35 * 1024);
  });
});
