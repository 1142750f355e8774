import { createRequire } from "node:module";
import { bundleApp, bundleCommand, bundleProgram } from "./bundle.mjs";
import { requireNode } from "./node-version.mjs";

/** `node build/program.mjs test/kill/main.ts …` runs a program of the tests on a fresh build. */
requireNode();
const [entry] = process.argv.splice(2, 1);
bundleApp();
bundleCommand();
createRequire(import.meta.url)(bundleProgram(entry));
