import path from "node:path";
import type * as Program from "./program";

declare const requireOutsideJest: (file: string) => unknown;

/** The courses run outside jest's sandbox, in which `@azure/functions` registers nothing. */
export const program = requireOutsideJest(path.resolve("dist/test-faults-program.js")) as typeof Program;
