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
  // A failed activity is told by its error's class name, so names must survive.
  keepNames: true,
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

/** The function app, as Azure Functions loads it: `main` in package.json. */
export function bundleApp() {
  // The Functions worker provides this module at run time; it is not on npm.
  bundle({ entryPoints: ["src/app.ts"], outfile: "dist/app.js", external: ["@azure/functions-core"] });
}

/** The goldpatch command with the embedded host, simulated Azure and the demo. */
export function bundleCommand() {
  bundle({ entryPoints: ["src/cli/main.ts"], outfile: "dist/goldpatch.js" });
}

/** A program of the tests, such as test/kill/main.ts. @returns {string} the bundle's absolute path */
export function bundleProgram(entry) {
  const outfile = `dist/${entry.replace(/\.ts$/, "").replaceAll("/", "-")}.js`;
  bundle({ entryPoints: [entry], outfile, external: ["@azure/functions-core"] });
  return path.join(root, outfile);
}

/** What tests load outside jest's sandbox: the whole of it, in virtual time. */
export function bundleTestWorld() {
  bundle({ entryPoints: ["test/support/world.ts"], outfile: "dist/test-world.js" });
}

/** The seeded courses of faults, for test/faults/run.mjs and for tests outside jest's sandbox. */
export function bundleTestFaults() {
  bundle({ entryPoints: ["test/faults/program.ts"], outfile: "dist/test-faults.js" });
}

/** What records golden histories and replays them. */
export function bundleTestGolden() {
  bundle({ entryPoints: ["test/golden/outside.ts"], outfile: "dist/test-golden.js" });
}

/** The explorer of crash points, and the app for it: with its libraries outside, which spares most of the loading. */
export function bundleTestCrash() {
  bundle({ entryPoints: ["src/app.ts"], outfile: "dist/test-app.js", packages: "external" });
  bundle({ entryPoints: ["test/crash/program.ts"], outfile: "dist/test-crash.js" });
}
