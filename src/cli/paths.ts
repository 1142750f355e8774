import path from "node:path";
import { packageRoot } from "../local/package-root";

/** A path as the user means it: npm runs scripts in the package's folder and tells where they were typed in INIT_CWD. */
export function userPath(given: string, environment = process.env, cwd = process.cwd()): string {
  const typedIn = cwd === packageRoot() ? (environment["INIT_CWD"] ?? cwd) : cwd;
  return path.resolve(typedIn, given);
}
