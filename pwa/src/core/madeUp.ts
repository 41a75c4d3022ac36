// Two languages nobody speaks: long words with marks on them, and letters that run from right to left.
// A page that stands in both is ready for Welsh and for Urdu, and a sentence without a key stays behind in English.
const MARKED: Record<string, string> = {
  a: "á", c: "ç", e: "é", i: "í", n: "ñ", o: "ö", s: "š", u: "ü", y: "ý", z: "ž",
  A: "Á", C: "Ç", E: "É", I: "Í", N: "Ñ", O: "Ö", S: "Š", U: "Ü", Y: "Ý", Z: "Ž",
};
const ARABIC = "ابجدهوزحطيكلمنسعفصقرشتثخذضظغءى";

/** Half as long again, which is what a short English sentence grows by in Welsh or German. */
function grown(text: string): string {
  const more = Math.ceil(text.replace(/\{\w+\}/g, "").length / 2);
  return more < 2 ? "" : ` ${"lorem ipsum ".repeat(Math.ceil(more / 12)).slice(0, more - 1)}`.trimEnd();
}

function marked(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => MARKED[letter] ?? letter);
}

function turned(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => ARABIC[letter.toLowerCase().charCodeAt(0) - 97] ?? letter);
}

function outside(text: string, change: (part: string) => string): string {
  return text
    .split(/(\{\w+\})/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}

/** What changes a sentence into the language, its {gaps} left as they are. */
export function dressing(code: string): (text: string) => string {
  if (code === "en-XA") return (text) => outside(text, marked) + marked(grown(text));
  return (text) => outside(text, turned);
}
