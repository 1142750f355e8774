import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What a deployment consists of; see .funcignore. */
export const DEPLOYED = ["package.json", "host.json", "dist/app.js"];

/** Copies the deployed shape of the app into a folder, far from any node_modules. */
export function deployInto(folder: string, root: string): void {
  mkdirSync(path.join(folder, "dist"), { recursive: true });
  for (const file of DEPLOYED) cpSync(path.join(root, file), path.join(folder, file));
}

/** As Core Tools reads settings on a developer's machine. */
export function writeSettings(folder: string, values: Readonly<Record<string, string>>): void {
  const text = JSON.stringify({ IsEncrypted: false, Values: values }, null, 2);
  writeFileSync(path.join(folder, "local.settings.json"), text);
}
