import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * Which part of src may import which (DESIGN: layout). Names are files and folders of src.
 * `types` may be imported as types only; `packages` are exact names, or prefixes when they end with `*`.
 * A layer `within` a folder names what lies beside it there, and with `above` what lies beside that folder.
 */
const layers = [
  { folder: "domain", app: [], packages: [] },
  { folder: "contracts", app: ["domain"], packages: ["zod"] },
  { folder: "orchestrators", app: ["contracts", "domain"], packages: [] },
  { folder: "config", app: ["domain", "errors"], packages: ["croner", "zod"] },
  { folder: "store", app: ["clock", "errors", "logs", "sqlite-file"], packages: ["node:*", "@azure/*", "zod"] },
  { folder: "ledger", app: ["contracts", "domain", "store"], types: ["azure"], packages: ["node:crypto"] },
  {
    folder: "azure",
    app: ["clock", "domain", "embedding", "errors", "logs"],
    packages: ["@azure/*", "dataloader", "node:*", "zod"],
  },
  {
    folder: "activities",
    app: ["azure", "clock", "contracts", "domain", "errors", "ledger", "logs", "store"],
    types: ["config", "hooks"],
    packages: [],
  },
  // Calls to services that a policy names, and nothing of Azure.
  { folder: "hooks", app: ["clock", "domain"], types: ["embedding"], packages: ["node:*"] },
  {
    folder: "triggers",
    app: ["contracts", "domain", "errors", "logs", "policy-file"],
    packages: ["@azure/functions", "croner", "zod"],
  },
  // What triggers get of the app.
  {
    folder: "ports",
    app: ["activities", "azure", "contracts", "domain", "ledger", "store"],
    types: ["config", "triggers"],
    packages: ["node:crypto"],
  },
  // Tables of all that the host may call; register.ts alone tells it.
  {
    folder: "functions",
    app: ["activities", "contracts", "orchestrators", "triggers"],
    types: ["ledger"],
    packages: ["@azure/functions", "zod"],
  },
  // Needed by whoever takes policies from users: the command, and the app's HTTP API.
  { folder: "policy-file", app: ["contracts", "domain"], packages: ["node:crypto", "yaml"] },
  { folder: "functions-host", within: "local", app: ["clock"], above: ["sqlite-file"], packages: ["croner", "node:*"] },
];

/** Files of the app's root, each with the files and folders beside it that it may import. */
const rootFiles = [
  { file: "clock.ts", app: [], packages: [] },
  { file: "errors.ts", app: ["domain"], packages: [] },
  { file: "logs.ts", app: ["domain"], packages: [] },
  { file: "sqlite-file.ts", app: ["errors"], packages: ["node:*"] },
  { file: "embedding.ts", app: [], types: ["clock", "store"], packages: [] },
];

/** Folders below a layer's own that files may lie in. */
const DEEPEST = 3;

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const anyOf = (alternatives) => `(?:${alternatives.join("|")})`;
const packagePattern = (name) => (name.endsWith("*") ? `${escaped(name.slice(0, -1))}.+` : escaped(name));

/**
 * Allows only what is listed: a regular expression that matches every other import.
 * @param ups how many folders lie between the file and the folder whose entries `app` and `types` name; `above` one more
 */
function onlyImports({ ups, app, above = [], types = [], packages }, message) {
  const root = (levels) => (levels === 0 ? String.raw`\.\/` : String.raw`(?:\.\.\/){${levels}}`);
  const entries = (names, levels = ups) =>
    names.length === 0 ? [] : [`${root(levels)}${anyOf(names.map(escaped))}(?:\\/.+)?`];
  const own = [...(ups > 0 ? [String.raw`\.\/[^.].*`] : []), ...(ups > 1 ? [`(?:\\.\\.\\/){1,${ups - 1}}[^.].*`] : [])];
  const values = [...own, ...entries(app), ...entries(above, ups + 1), ...packages.map(packagePattern)];
  const none = "(?!)";
  const patterns = [
    { regex: `^(?!${anyOf([...values, ...entries(types), none])}$)`, message, caseSensitive: true },
    {
      regex: String.raw`[^.]\/\.\.?(?:\/|$)|^\.\/\.`,
      message: "Write the shortest relative path.",
      caseSensitive: true,
    },
  ];
  if (types.length > 0) {
    const message = `Only types may be imported from ${types.join(", ")}.`;
    patterns.push({ regex: `^${anyOf(entries(types))}$`, allowTypeImports: true, message, caseSensitive: true });
  }
  return { "no-restricted-imports": ["error", { patterns }] };
}

const describe = ({ app, above = [], types = [], packages }) =>
  [...app, ...above, ...types.map((name) => `${name} (types)`), ...packages].join(", ") || "nothing else";

function arrowsOf(layer) {
  const folder = [layer.within, layer.folder].filter(Boolean).join("/");
  const message = `src/${folder} imports only itself and ${describe(layer)} (DESIGN: layout).`;
  return Array.from({ length: DEEPEST + 1 }, (_, depth) => ({
    files: [`src/${folder}/${"*/".repeat(depth)}*.ts`],
    rules: onlyImports({ ...layer, ups: depth + 1 }, message),
  }));
}

const arrows = [
  {
    files: ["src/**/*.ts"],
    ignores: ["src/local/**", "src/cli/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: String.raw`^(?:\.\/|(?:\.\.\/)+)(?:cli|local)(?:\/|$)`,
              message: "The app imports nothing from src/local or src/cli (DESIGN: layout).",
            },
          ],
        },
      ],
    },
  },
  ...layers.flatMap(arrowsOf),
  ...rootFiles.map((root) => ({
    files: [`src/${root.file}`],
    rules: onlyImports({ ...root, ups: 0 }, `src/${root.file} imports only ${describe(root)} (DESIGN: layout).`),
  })),
  {
    files: ["src/functions/register.ts"],
    rules: onlyImports(
      {
        app: ["contracts", "durable-client", "errors", "orchestrators", "triggers"],
        types: ["logs"],
        packages: ["durable-functions"],
        ups: 1,
      },
      "src/functions/register.ts imports only contracts, errors, orchestrators, triggers and durable-functions (DESIGN: layout).",
    ),
  },
  {
    files: ["src/orchestrators/durable.ts"],
    rules: onlyImports(
      { app: ["contracts", "domain"], packages: ["durable-functions"], ups: 1 },
      "src/orchestrators/durable.ts imports only contracts, domain and durable-functions (DESIGN: layout).",
    ),
  },
];

/** An import that the arrows would not see. */
const hiddenImports = [
  "ImportExpression",
  "TSImportType",
  "TSImportEqualsDeclaration",
  "CallExpression[callee.name='require']",
].map((selector) => ({ selector, message: "Import at the top of the file, where the layers' arrows are checked." }));

const because = (what) => `${what} (DESIGN: determinism).`;
const clockMessage = because("Replay must see the same time again: take instants from durable.now() or from the input");
const wallClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockMessage },
  { selector: "CallExpression[callee.name='Date']", message: clockMessage },
];
const promises = [":function[async=true]", "AwaitExpression", "ForOfStatement[await=true]"].map((selector) => ({
  selector,
  message: because("A generator yields durable tasks; nothing else is waited for"),
}));

const sameEveryTime = {
  "no-restricted-globals": [
    "error",
    {
      checkGlobalObject: true,
      globals: [
        ...["process", "performance", "navigator"].map((name) => ({
          name,
          message: because("The environment may differ when this is run again; hand the value in"),
        })),
        {
          name: "crypto",
          message: because("Randomness differs when this is run again; derive it from the run's id"),
        },
        ...["fetch", "WebSocket", "XMLHttpRequest", "console"].map((name) => ({
          name,
          message: because("Only activities touch the world outside"),
        })),
        ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"].map((name) => ({
          name,
          message: because("Only durable timers survive a restart: yield* durable.sleepUntil(…)"),
        })),
        { name: "Promise", message: because("A generator yields durable tasks; nothing else is waited for") },
      ],
    },
  ],
  "no-restricted-properties": [
    "error",
    { object: "Date", property: "now", message: clockMessage },
    { object: "Math", property: "random", message: because("Randomness differs when this is run again") },
  ],
};

const determinism = [
  {
    files: ["src/**/*.ts"],
    ignores: ["src/local/**", "src/cli/**"],
    rules: { "no-restricted-syntax": ["error", ...hiddenImports] },
  },
  {
    // The domain and the contracts run inside orchestrators too.
    files: ["src/orchestrators/**/*.ts", "src/domain/**/*.ts", "src/contracts/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...hiddenImports, ...wallClock, ...promises], ...sameEveryTime },
  },
];

/** The project's own rules. They need no type information, so that tests can lint snippets with them. */
export const projectRules = [
  { files: ["**/*.ts"], languageOptions: { parser: tseslint.parser } },
  ...arrows,
  ...determinism,
];

const plain = {
  "array-callback-return": "error",
  eqeqeq: ["error", "always", { null: "ignore" }],
  "no-constant-binary-expression": "error",
  "no-duplicate-imports": ["error", { allowSeparateTypeImports: true }],
  "no-self-compare": "error",
  "no-unreachable-loop": "error",
  "no-unused-private-class-members": "error",
  "no-useless-rename": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
};

export default defineConfig([
  globalIgnores(["dist/", "coverage/", "node_modules/", "test/examples/", "test/functions-host/apps/"]),
  // Comments that switch rules off have no effect.
  { linterOptions: { noInlineConfig: true }, rules: plain },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-check": false, "ts-expect-error": true, "ts-ignore": true, "ts-nocheck": true },
      ],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", caughtErrors: "all", ignoreRestSiblings: true },
      ],
      // `return logs.eventIgnored(…)` ends a function that answers nothing.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // A text may be empty and a count 0 as well as absent; `||` says that both mean the same.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { number: true, string: true } }],
      // An async function turns what it throws into a rejection, which callers of a promise expect.
      "@typescript-eslint/require-await": "off",
      // A symbol is a computed key that nobody can write otherwise.
      "@typescript-eslint/no-dynamic-delete": "off",
      // noUncheckedIndexedAccess tells index signatures by their brackets.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
    },
  },
  ...projectRules,
  { files: ["**/*.mjs", "**/*.cjs"], languageOptions: { sourceType: "module" } },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
]);
