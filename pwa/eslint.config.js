// The lint rules: typescript-eslint's strictest set with types, and the borders of the front end (screens > parts > core).
import tseslint from "typescript-eslint";

const border = (files, patterns, message) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [{ group: patterns, message }] }] },
});

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "src/core/types.gen.ts", "eslint.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 10],
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", { max: 50 }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // Names from the API may be missing in practice; checks that look needless to the types guard real phones.
      "@typescript-eslint/no-unnecessary-condition": "off",
      "no-restricted-globals": [
        "error",
        { name: "fetch", message: "Only core/api.ts talks to the server." },
        { name: "indexedDB", message: "Only core/store.ts keeps data." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXText[value=/[A-Za-z]{2}/]", message: "Words stand in words/*.json, by key." },
        {
          selector: "JSXAttribute[name.name=/^(aria-label|alt|placeholder)$/] > Literal[value=/[A-Za-z]{2}/]",
          message: "Words stand in words/*.json, by key.",
        },
      ],
    },
  },
  { files: ["src/core/api.ts", "src/sw.ts"], rules: { "no-restricted-globals": "off" } },
  border(
    ["src/core/**"],
    ["**/parts/**", "**/screens/**", "preact/hooks", "preact-iso"],
    "core is below parts and screens, and free of the view library.",
  ),
  border(["src/parts/**"], ["**/screens/**"], "parts are below screens."),
  border(
    ["src/screens/*/*.tsx", "src/screens/*/*.ts"],
    ["**/parts/team/**", "**/screens/team/**", "../team/**"],
    "A person's phone never downloads the team's screens.",
  ),
  {
    files: ["**/*.test.ts", "**/*.test.tsx"],
    rules: { "no-restricted-syntax": "off", complexity: "off", "max-lines-per-function": "off", "max-lines": ["error", 400] },
  },
);
