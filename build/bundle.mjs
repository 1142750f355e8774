import { buildSync } from "esbuild";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  // The oldest Node that the Azure SDK supports, and that Azure Functions offers.
  target: "node22",
  sourcemap: true,
  legalComments: "none",
  logLevel: "error",
  loader: { ".kql": "text" },
};

/** Whole or not at all: another process may be loading the bundle that is replaced. */
function bundle(options) {
  const { outputFiles } = buildSync({ ...shared, ...options, write: false });
  for (const { path: file, contents } of outputFiles) {
    mkdirSync(path.dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, contents);
    renameSync(unfinished, file);
  }
}

const app = {
  entryPoints: ["src/app.ts"],
  external: [
    // The Functions worker provides this module at run time; it is not on npm.
    "@azure/functions-core",
    // `debug` does without: here only tools for development bring it, and none of them belongs into a package.
    "supports-color",
  ],
};

/** The function app, as Azure Functions loads it: `main` in package.json. */
export function bundleApp() {
  bundle({ ...app, outfile: "dist/app.js" });
}

/** The same for a package: nothing on Azure reads source maps. @returns {Uint8Array} */
export function appForPackage() {
  const { outputFiles } = buildSync({ ...shared, ...app, outfile: "app.js", sourcemap: false, write: false });
  return outputFiles[0].contents;
}

/** The goldpatch command with the embedded host, simulated Azure and the demo. */
export function bundleCommand() {
  bundle({ entryPoints: ["src/cli/main.ts"], outfile: "dist/goldpatch.js" });
}

/** The app for tests that start it over and over: its libraries stay outside, which spares most of the loading. */
export function bundleTestApp() {
  bundle({ entryPoints: ["src/app.ts"], outfile: "dist/test-app.js", packages: "external" });
}

/** What tests run as a program, or load outside jest's sandbox. @returns {string} the bundle's absolute path */
export function bundleProgram(entry) {
  const outfile = `dist/${entry.replace(/\.ts$/, "").replaceAll("/", "-")}.js`;
  bundle({ entryPoints: [entry], outfile, external: ["@azure/functions-core"] });
  return path.join(root, outfile);
}
