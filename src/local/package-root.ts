import { existsSync } from "node:fs";
import path from "node:path";

/** The folder with package.json, seen from the bundle in dist as well as from the sources. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return folder;
}
