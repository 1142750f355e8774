import { describe, jest } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Against hanging only, as in jest.config.cjs: the compiler takes seconds of a core, and minutes on a busy machine. */
jest.setTimeout(300_000);

const ROOT = path.resolve(__dirname, "../..");
/** Exit code of build/bicep.mjs where this machine cannot have the compiler. */
const NO_BICEP = 3;

export const HOME = "11111111-2222-4333-8444-555555555555";
export const OTHER = "99999999-2222-4333-8444-555555555555";

/** @throws with what the compiler found */
export function bicep(...args: readonly string[]): void {
  const { status, stderr } = runBicep(args);
  if (status !== 0) throw new Error(stderr);
}

const runBicep = (args: readonly string[]) =>
  spawnSync(process.execPath, ["build/bicep.mjs", ...args], { cwd: ROOT, encoding: "utf8" });

/** For tests that need the compiler: skipped, with the reason, where it cannot be had; never in CI. */
export function describeWithBicep(title: string, tests: () => void): void {
  const { status, stderr } = runBicep(["--restore"]);
  if (status === NO_BICEP && process.env["CI"] !== "true") describe.skip(`${title} (skipped: ${stderr.trim()})`, tests);
  else describe(title, tests);
}

export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export type Parameters = Readonly<Record<string, Json>>;

const known = new Map<string, Resource[]>();

/** What deploying a file of infra/ would make, all expressions worked out but for what only Azure knows. */
export function predicted(file: string, parameters: Parameters): Resource[] {
  const key = JSON.stringify([file, parameters]);
  const resources = known.get(key) ?? predict(file, parameters);
  known.set(key, resources);
  return resources;
}

function predict(file: string, parameters: Parameters): Resource[] {
  mkdirSync(path.join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempSync(path.join(ROOT, "dist/infra-"));
  try {
    const lines = Object.entries(parameters).map(([name, value]) => `param ${name} = ${literal(value)}`);
    const parametersFile = path.join(folder, "test.bicepparam");
    writeFileSync(parametersFile, [`using '../../infra/${file}'`, ...lines, ""].join("\n"));
    bicep("--snapshot", parametersFile, ...contextOf(file));
    const snapshot = readFileSync(path.join(folder, "test.snapshot.json"), "utf8");
    return (JSON.parse(snapshot) as { predictedResources: Resource[] }).predictedResources;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where it is deployed; the compiler takes no more than the file's scope has. */
function contextOf(file: string): string[] {
  const source = readFileSync(path.join(ROOT, "infra", file), "utf8");
  const scope = /^targetScope = '(\w+)'/m.exec(source)?.[1] ?? "resourceGroup";
  if (scope === "managementGroup") return ["--management-group-id", "group", "--location", "westeurope"];
  const subscription = ["--subscription-id", HOME];
  return [...subscription, ...(scope === "resourceGroup" ? ["--resource-group", "rg"] : ["--location", "westeurope"])];
}

/** Bicep's own notation. */
function literal(value: Json): string {
  if (typeof value === "string")
    return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("${", "\\${")}'`;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([name, field]) => `${name}: ${literal(field)}`)
    .join(", ")} }`;
}
