// Which language this browser speaks: its words, its direction, and the style sheet that goes with it.
import { speak, type Known } from "./words";

const KEY = "alongside.language";
/** Each file of words/ but the two English ones; it comes to a phone when its language is chosen. */
const files = import.meta.glob<{ default: Known }>(["../words/*.json", "!../words/en.json", "!../words/*.en.json"]);
/** Made up, so that tests meet words half as long again, and words that run from right to left. */
const MADE_UP: readonly string[] = ["en-XA", "ar-XB"];
const RIGHT_TO_LEFT = /^(ar|fa|he|ps|ur)\b/;

export interface Language {
  code: string;
  /** In the language itself, as somebody looking for theirs reads it. */
  name: string;
}

/** What a person may choose from. */
export function languages(): Language[] {
  const codes = Object.keys(files).map((path) => path.replace(/^.*\/|\.json$/g, ""));
  const nameOf = (code: string): string => new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return [{ code: "en", name: "English" }, ...codes.map((code) => ({ code, name: nameOf(code) }))];
}

export function chosenLanguage(): string {
  return localStorage.getItem(KEY) ?? "en";
}

/** Kept on the phone; the page is loaded anew in it. */
export function chooseLanguage(code: string): void {
  localStorage.setItem(KEY, code);
  location.reload();
}

/** Learn the chosen language before anything is drawn. Never throws: without its words the page speaks English. */
export async function openLanguage(): Promise<void> {
  const code = chosenLanguage();
  if (code === "en") return;
  try {
    if (MADE_UP.includes(code)) speak("en-GB", {}, (await import("./madeUp")).dressing(code));
    else {
      const words = await files[`../words/${code}.json`]?.();
      if (!words) return;
      speak(code, words.default);
    }
    document.documentElement.lang = code;
    if (RIGHT_TO_LEFT.test(code)) await turnAround();
  } catch {
    // Its words did not come. English is better than an empty page.
  }
}

/** The build puts a turned sheet beside each: app-1a2b.css and app-1a2b.rtl.css. */
async function turnAround(): Promise<void> {
  document.documentElement.dir = "rtl";
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  await Promise.all(
    sheets.map(async (sheet) => {
      const turned = sheet.cloneNode() as HTMLLinkElement;
      turned.href = sheet.href.replace(/\.css$/, ".rtl.css");
      const came = await new Promise<boolean>((done) => {
        turned.addEventListener("load", () => done(true));
        turned.addEventListener("error", () => done(false));
        sheet.after(turned);
      });
      // Without the turned one, the wrong way round is better than none.
      (came ? sheet : turned).remove();
    }),
  );
}
