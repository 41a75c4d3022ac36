// What the build puts into the page is what the app then draws: else the page would jump, or say something else.
import { render as draw } from "preact";
import { LocationProvider } from "preact-iso";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Page } from "../src/parts/Page";
import words from "../src/words/en.json";
import { frameOf, groups, largestFirst, sheetsInOrder } from "./firstLoad";

const root = join(import.meta.dirname, "../");

function framed(): HTMLElement {
  const page = document.createElement("div");
  page.innerHTML = frameOf(words as unknown as Record<string, string>);
  return page;
}

it("holds the way to help, and nothing of anybody", () => {
  expect(framed().querySelector(".al-help-now")?.getAttribute("href")).toBe("/help");
  expect(framed().textContent).toBe("Skip to main contentAlongsideHelp now");
});

it("is taken over by the page that is drawn, which leaves its header as it stands", () => {
  const page = document.body.appendChild(framed());
  const before = page.querySelector("header");
  const html = before?.outerHTML;
  draw(<LocationProvider><Page title="Today" bare><p>Drawn</p></Page></LocationProvider>, page);
  expect(page.querySelector("header")).toBe(before);
  expect(before?.outerHTML).toBe(html);
  expect([page.querySelectorAll("header").length, page.querySelectorAll("main").length]).toEqual([1, 1]);
  expect(page.querySelector("main p")?.textContent).toBe("Drawn");
});

it("begins with a file that needs neither the screens nor what draws them", () => {
  const [begin] = groups(root);
  const isIn = (path: string): boolean => begin?.test(`${root}${path}`) ?? false;
  expect(["src/begin.ts", "src/core/opening.ts", "src/core/vault.ts", "src/core/database.ts"].filter(isIn)).toHaveLength(4);
  expect(
    ["src/main.tsx", "src/parts/Page.tsx", "src/core/words.ts", "node_modules/preact/dist/preact.module.js"].filter(isIn),
  ).toEqual([]);
});

it("reads the sheet that both apps share before the page's own, whichever the build named first", () => {
  const link = (name: string): string => `<link rel="stylesheet" crossorigin href="/assets/${name}.css">`;
  const page = (...names: string[]): string => `<head>\n${names.map(link).join("\n")}\n</head>`;
  expect(sheetsInOrder(page("team-BCsq", "app-CVw8"))).toBe(page("app-CVw8", "team-BCsq"));
  expect(sheetsInOrder(page("app-CVw8", "team-BCsq"))).toBe(page("app-CVw8", "team-BCsq"));
});

it("asks for what begins, then for the largest, and for what starts the app last", () => {
  const link = (name: string): string => `<link rel="modulepreload" crossorigin href="/${name}">`;
  const start = '<script type="module" crossorigin src="/index"></script>';
  const page = ["<head>", start, link("begin"), link("small"), link("large"), "</head>"].join("\n    ");
  const sizes: Record<string, number> = { "/begin": 9, "/small": 1, "/large": 2 };
  const made = largestFirst(page, "/begin", (path) => sizes[path] ?? 0, "<tag>");
  expect(made).toBe(["<head>", "<tag>", link("large"), link("small"), start, "</head>"].join("\n    "));
});
