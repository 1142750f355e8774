import { describe, expect, test } from "@jest/globals";
import type * as Eslint from "eslint";
import { readdirSync } from "node:fs";
import path from "node:path";

/** Given by `build/jest-environment.cjs`: `require` outside jest's sandbox, which has no dynamic import. */
declare const requireOutsideJest: (file: string) => unknown;

const { ESLint } = requireOutsideJest("eslint") as typeof Eslint;
const { projectRules } = requireOutsideJest(path.resolve("eslint.config.mjs")) as {
  projectRules: Eslint.Linter.Config[];
};
const linter = new ESLint({ overrideConfigFile: true, baseConfig: projectRules });

/** The rules that a file of this path and text breaks. */
async function broken(filePath: string, text: string): Promise<(string | null)[]> {
  const [result] = await linter.lintText(text, { filePath });
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId))];
}

const imports = (specifier: string): string => `import { x } from "${specifier}";\nexport const y = x;\n`;
const importsType = (specifier: string): string => `import type { X } from "${specifier}";\nexport type Y = X;\n`;

describe("the layers' arrows allow", () => {
  test.each([
    ["src/domain/text.ts", "./machine/view"],
    ["src/domain/machine/readiness.ts", "./view"],
    ["src/domain/machine/readiness.ts", "../text"],
    ["src/domain/window/rules/midnight.ts", "../../text"],
    ["src/contracts/run.ts", "zod"],
    ["src/contracts/run.ts", "../domain/outcome/table"],
    ["src/orchestrators/patch-vm.ts", "./durable"],
    ["src/orchestrators/patch-vm.ts", "../contracts/activities"],
    ["src/orchestrators/patch-vm.ts", "../domain/outcome/table"],
    ["src/orchestrators/durable.ts", "durable-functions"],
    ["src/orchestrators/durable.ts", "../contracts/activities"],
    ["src/store/sqlite.ts", "node:sqlite"],
    ["src/store/sqlite.ts", "../sqlite-file"],
    ["src/sqlite-file.ts", "node:sqlite"],
    ["src/sqlite-file.ts", "./errors"],
    ["src/local/functions-host/durable/sqlite-instances.ts", "../../../sqlite-file"],
    ["src/store/sqlite.ts", "./store"],
    ["src/ledger/runs.ts", "../store/store"],
    ["src/ledger/runs.ts", "../contracts/run"],
    ["src/ledger/keys.ts", "node:crypto"],
    ["src/azure/compute/machine-reader.ts", "@azure/arm-compute"],
    ["src/azure/compute/machine-reader.ts", "../../domain/machine/view"],
    ["src/azure/resource-graph/support-rows.ts", "./support-state.kql"],
    ["src/azure/resource-graph/support-rows.ts", "../../clock"],
    ["src/activities/run/claim-run.ts", "./deps"],
    ["src/activities/run/claim-run.ts", "../../ledger/runs"],
    ["src/activities/run/claim-run.ts", "../../azure/azure"],
    ["src/activities/run/claim-run.ts", "../../errors"],
    ["src/triggers/http/runs.ts", "@azure/functions"],
    ["src/triggers/http/runs.ts", "../ports"],
    ["src/triggers/http/runs.ts", "../../contracts/api/runs"],
    ["src/triggers/http/runs.ts", "../../logs"],
    ["src/config/index.ts", "../domain/machine/scope"],
    ["src/policy-file/yaml-tree.ts", "yaml"],
    ["src/policy-file/read-policy.ts", "../contracts/policy/check"],
    ["src/ports/sweeps.ts", "../activities/run/deps"],
    ["src/functions/routes.ts", "../triggers/http/runs"],
    ["src/functions/activities.ts", "../activities/run/claim-run"],
    ["src/functions/register.ts", "durable-functions"],
    ["src/functions/register.ts", "../orchestrators/durable"],
    ["src/app.ts", "./activities/run/claim-run"],
    ["src/app.ts", "durable-functions"],
    ["src/local/functions-host/durable/engine-options.ts", "../../clock/host-clock"],
    ["src/local/functions-host/functions-host.ts", "../clock/host-clock"],
    ["src/local/embedded-app.ts", "../store/memory"],
    ["src/cli/main.ts", "../local/embedded-app"],
  ])("%s to import %s", async (file, specifier) => {
    expect(await broken(file, imports(specifier))).toEqual([]);
  });

  test.each([
    ["src/ledger/intent.ts", "../azure/operations/operation-reader"],
    ["src/activities/run/deps.ts", "../../config"],
    ["src/embedding.ts", "./store/store"],
  ])("%s to import types, and nothing but types, from %s", async (file, specifier) => {
    expect(await broken(file, importsType(specifier))).toEqual([]);
    expect(await broken(file, imports(specifier))).toEqual(["no-restricted-imports"]);
  });
});

describe("the layers' arrows forbid", () => {
  test.each([
    ["src/domain/text.ts", "../errors"],
    ["src/domain/text.ts", "node:crypto"],
    ["src/domain/text.ts", "zod"],
    ["src/domain/machine/readiness.ts", "../../contracts/run"],
    ["src/domain/machine/readiness.ts", "../../azure/answers"],
    ["src/domain/machine/readiness.ts", "@azure/arm-compute"],
    ["src/domain/window/rules/midnight.ts", "../../../clock"],
    ["src/contracts/run.ts", "../ledger/runs"],
    ["src/contracts/run.ts", "../errors"],
    ["src/contracts/run.ts", "node:crypto"],
    ["src/orchestrators/patch-vm.ts", "durable-functions"],
    ["src/orchestrators/patch-vm.ts", "../activities/run/claim-run"],
    ["src/orchestrators/patch-vm.ts", "../clock"],
    ["src/orchestrators/patch-vm.ts", "../logs"],
    ["src/orchestrators/patch-vm.ts", "zod"],
    ["src/orchestrators/durable.ts", "node:timers"],
    ["src/orchestrators/durable.ts", "../ledger/runs"],
    ["src/store/sqlite.ts", "../ledger/runs"],
    ["src/store/sqlite.ts", "../domain/text"],
    ["src/ledger/runs.ts", "../activities/run/deps"],
    ["src/ledger/runs.ts", "@azure/arm-compute"],
    ["src/azure/arm.ts", "../ledger/runs"],
    ["src/azure/arm.ts", "../config"],
    ["src/azure/compute/machine-reader.ts", "../../contracts/activities"],
    ["src/azure/compute/machine-reader.ts", "../../store/store"],
    ["src/activities/run/claim-run.ts", "durable-functions"],
    ["src/activities/run/claim-run.ts", "@azure/arm-compute"],
    ["src/activities/run/claim-run.ts", "../../triggers/ports"],
    ["src/activities/run/claim-run.ts", "../../orchestrators/patch-vm"],
    ["src/triggers/http/runs.ts", "../../activities/run/deps"],
    ["src/triggers/http/runs.ts", "../../azure/azure"],
    ["src/triggers/http/runs.ts", "../../ledger/keys"],
    ["src/triggers/http/runs.ts", "../../store/store"],
    ["src/triggers/http/runs.ts", "../../orchestrators/patch-vm"],
    ["src/triggers/http/runs.ts", "durable-functions"],
    ["src/policy-file/read-policy.ts", "../errors"],
    ["src/contracts/policy/check.ts", "../../policy-file/read-policy"],
    ["src/contracts/policy/schema.ts", "yaml"],
    ["src/errors.ts", "./logs"],
    ["src/clock.ts", "node:timers"],
    ["src/config/index.ts", "../azure/arm"],
    ["src/ports/sweeps.ts", "../orchestrators/sweep"],
    ["src/ports/sweeps.ts", "durable-functions"],
    ["src/functions/routes.ts", "durable-functions"],
    ["src/functions/routes.ts", "../ports/app"],
    ["src/functions/register.ts", "../activities/run/claim-run"],
    ["src/functions/register.ts", "../ledger/runs"],
    ["src/app.ts", "./local/embedded-app"],
    ["src/app.ts", "./cli/main"],
    ["src/ports/app.ts", "../local/clock/real-clock"],
    ["src/receipts/receipt.ts", "../local/embedded-app"],
    ["src/notify/channels/webhook.ts", "../../cli/options"],
    ["src/azure/compute/machine-reader.ts", "../../local/simulated-azure"],
    ["src/local/functions-host/functions-host.ts", "../../clock"],
    ["src/local/functions-host/functions-host.ts", "../simulated-azure"],
    ["src/local/functions-host/durable/engine.ts", "../../../clock"],
    ["src/local/functions-host/durable/engine.ts", "../../../store/store"],
    ["src/sqlite-file.ts", "./local/embedded-app"],
    ["src/sqlite-file.ts", "./store/store"],
    ["src/domain/text.ts", "../sqlite-file"],
    ["src/ledger/runs.ts", "../sqlite-file"],
    ["src/local/functions-host/durable/engine.ts", "../../embedded-app"],
    ["src/local/functions-host/durable/engine.ts", "durable-functions"],
  ])("%s to import %s", async (file, specifier) => {
    expect(await broken(file, imports(specifier))).toEqual(["no-restricted-imports"]);
    expect(await broken(file, importsType(specifier))).toEqual(["no-restricted-imports"]);
    expect(await broken(file, `export * from "${specifier}";\n`)).toEqual(["no-restricted-imports"]);
  });

  test.each([
    ["src/domain/machine/readiness.ts", "./../../errors"],
    ["src/domain/machine/readiness.ts", "../machine/../../errors"],
    ["src/activities/run/claim-run.ts", "../../ledger/../orchestrators/patch-vm"],
    ["src/triggers/http/runs.ts", "./.."],
  ])("%s to hide where %s leads", async (file, specifier) => {
    expect(await broken(file, imports(specifier))).toEqual(["no-restricted-imports"]);
  });

  test.each([
    ["import()", `export const load = () => import("../domain/text");\n`],
    ["require()", `export const runs: unknown = require("../domain/text");\n`],
    ["import = require()", `import runs = require("../domain/text");\nexport default runs;\n`],
    ["an import type", `export type Run = import("../domain/text").Text;\n`],
  ])("an import that they do not see: %s", async (_, text) => {
    expect(await broken("src/azure/arm.ts", text)).toEqual(["no-restricted-syntax"]);
    expect(await broken("src/orchestrators/patch-vm.ts", text)).toEqual(["no-restricted-syntax"]);
  });

  test.each([
    "domain",
    "contracts",
    "orchestrators",
    "store",
    "ledger",
    "azure",
    "activities",
    "triggers",
    "ports",
    "functions",
    "policy-file",
  ])("src/%s to import anything of src but what the design names, whatever folders there will be", async (folder) => {
    expect(await broken(`src/${folder}/new.ts`, imports("../brand-new/folder"))).toEqual(["no-restricted-imports"]);
    expect(await broken(`src/${folder}/new/new.ts`, imports("../../brand-new"))).toEqual(["no-restricted-imports"]);
    expect(await broken(`src/${folder}/new.ts`, imports("left-pad"))).toEqual(["no-restricted-imports"]);
  });

  test("nothing too deep to be seen: no file lies more than three folders below its layer", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const depth = (file: string): number => file.replace(/^local[\\/]/, "").split(/[\\/]/).length;
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => depth(file) > 5)).toEqual([]);
  });
});

describe("what replay must see again", () => {
  const folders = ["src/orchestrators/patch-vm.ts", "src/domain/window/window.ts", "src/contracts/run.ts"];

  test.each([
    ["no-restricted-syntax", "export const now = new Date();"],
    ["no-restricted-syntax", "export const now = Date();"],
    ["no-restricted-properties", "export const now = Date.now();"],
    ["no-restricted-properties", "export const { now } = Date;"],
    ["no-restricted-properties", "export const dice = Math.random();"],
    ["no-restricted-properties", `export const dice = Math["random"]();`],
    ["no-restricted-globals", "export const region = process.env.REGION;"],
    ["no-restricted-globals", "export const id = crypto.randomUUID();"],
    ["no-restricted-globals", "export const id = globalThis.crypto.randomUUID();"],
    ["no-restricted-globals", "export const at = performance.now();"],
    ["no-restricted-globals", `export const page = fetch("https://management.azure.com");`],
    ["no-restricted-globals", "setTimeout(() => undefined, 1);"],
    ["no-restricted-globals", "setInterval(() => undefined, 1);"],
    ["no-restricted-globals", "setImmediate(() => undefined);"],
    ["no-restricted-globals", "queueMicrotask(() => undefined);"],
    ["no-restricted-globals", `console.log("replayed");`],
    ["no-restricted-globals", "export const done = Promise.resolve();"],
    ["no-restricted-globals", "export const done = new Promise(() => undefined);"],
    ["no-restricted-syntax", "export async function story() {}"],
    ["no-restricted-syntax", "export const story = async () => 1;"],
    ["no-restricted-syntax", "export async function* story() { yield 1; }"],
    ["no-restricted-syntax", "export const done = await 1;"],
  ])("%s fires on: %s", async (rule, text) => {
    for (const file of folders) expect(await broken(file, `${text}\n`)).toEqual([rule]);
  });

  test.each([
    "export const at = new Date(0);",
    `export const at = new Date("2026-11-23T10:00:00Z");`,
    `export const at = Date.parse("2026-11-23T10:00:00Z");`,
    "export const least = Math.min(1, 2);",
    "export function* story(): Generator<number> { yield 1; }",
    "export const process = (console: string) => console;",
  ])("nothing fires on: %s", async (text) => {
    for (const file of folders) expect(await broken(file, `${text}\n`)).toEqual([]);
  });

  test("activities and adapters may wait and look at the clock they are given", async () => {
    const text = `export const look = async (clock: { now(): number }) => new Date(await Promise.resolve(clock.now()));\n`;
    expect(await broken("src/activities/run/look.ts", text)).toEqual([]);
    expect(await broken("src/azure/look.ts", text)).toEqual([]);
  });
});
