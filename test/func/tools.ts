import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export interface Tools {
  /** Azure Functions Core Tools 4. */
  readonly func: string;
  /** Entry file of the storage emulator. */
  readonly azurite: string;
}

/** What is not there, and how to get it: one line. */
export class ToolMissing extends Error {
  override readonly name = "ToolMissing";
}

const GET_FUNC =
  "install Azure Functions Core Tools 4 (npm install -g azure-functions-core-tools@4, or " +
  "https://learn.microsoft.com/azure/azure-functions/functions-run-local), then run this again";

/**
 * @param searchPath as in PATH
 * @param root folder whose node_modules hold Azurite
 * @throws ToolMissing
 */
export function findTools(searchPath: string, root: string): Tools {
  return { func: findFunc(searchPath), azurite: findAzurite(root) };
}

function findFunc(searchPath: string): string {
  const folders = searchPath.split(path.delimiter).filter(Boolean);
  const func = folders.flatMap((folder) => ["func", "func.exe"].map((file) => path.join(folder, file))).find(canRun);
  if (func === undefined) throw new ToolMissing(`func is not on the PATH: ${GET_FUNC}`);
  const version = versionOf(func);
  if (!version.startsWith("4."))
    throw new ToolMissing(`${func} says that it is version "${version}", not 4: ${GET_FUNC}`);
  return func;
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function versionOf(func: string): string {
  try {
    return execFileSync(func, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

function findAzurite(root: string): string {
  try {
    return createRequire(path.join(root, "package.json")).resolve("azurite/dist/src/azurite.js");
  } catch {
    throw new ToolMissing(`azurite is not in ${path.join(root, "node_modules")}: run \`npm ci\`, then run this again`);
  }
}
