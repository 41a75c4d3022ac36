// The build's own step: beside each style sheet its mirror for languages that run from right to left.
import rtlcss from "rtlcss";
import type { Plugin } from "vite";

/** The design system says left and right 429 times; our own rules say start and end and stay as they are. */
export function turned(): Plugin {
  return {
    name: "alongside-turned",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const item of Object.values(bundle)) {
          if (item.type !== "asset" || !item.fileName.endsWith(".css")) continue;
          const css = typeof item.source === "string" ? item.source : new TextDecoder().decode(item.source);
          const fileName = item.fileName.replace(/\.css$/, ".rtl.css");
          this.emitFile({ type: "asset", fileName, source: rtlcss.process(css) });
        }
      },
    },
  };
}
