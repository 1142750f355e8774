import { buildSync } from "esbuild";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Outside from "./outside";

/** Given by `build/jest-environment.cjs`: `require` outside jest's sandbox. */
declare const requireOutsideJest: (file: string) => unknown;

const outfile = join(mkdtempSync(join(tmpdir(), "functions-host-test-")), "outside.cjs");

/** The host, and what drives it, as they are in production: bundled, and loaded by Node itself. */
export function loadOutside(): typeof Outside {
  buildSync({
    entryPoints: [join(__dirname, "outside.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    logLevel: "error",
  });
  return requireOutsideJest(outfile) as typeof Outside;
}

export const appFile = (name: string): string => join(__dirname, "..", "apps", name);
