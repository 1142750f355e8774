import { afterAll } from "@jest/globals";
import { buildSync } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Outside from "./outside";

/** Given by `build/jest-environment.cjs`: `require` outside jest's sandbox. */
declare const requireOutsideJest: (file: string) => unknown;

const folder = mkdtempSync(join(tmpdir(), "functions-host-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The host, and what drives it, as they are in production: bundled, and loaded by Node itself. */
export function loadOutside(): typeof Outside {
  return requireOutsideJest(bundle(join(__dirname, "outside.ts"), "outside.cjs")) as typeof Outside;
}

export const appFile = (name: string): string => join(__dirname, "..", "apps", name);

/** The app with its packages in one file, as it is deployed. */
export const bundled = (name: string): string => bundle(appFile(name), "app.cjs");

function bundle(entry: string, name: string): string {
  const outfile = join(folder, name);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["@azure/functions-core"],
    logLevel: "error",
  });
  return outfile;
}
