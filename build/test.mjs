import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requireNode } from "./node-version.mjs";

requireNode();
const root = path.resolve(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-test-"));
const summaryFile = path.join(folder, "jest.json");

/** Run with this very Node: the files in node_modules/.bin would take the system's. */
const steps = [
  ["prettier/bin/prettier.cjs", "--check", "."],
  ["eslint/bin/eslint.js", "."],
  ["typescript/bin/tsc", "--noEmit"],
  ["jest/bin/jest.js", "--ci", "--coverage", "--json", `--outputFile=${summaryFile}`],
];

const failedSteps = steps.filter(([entry, ...args]) => {
  process.stdout.write(`\n> ${entry.split("/")[0]} ${args.join(" ")}\n`);
  const entryFile = path.join(root, "node_modules", entry);
  // jest's JSON would be repeated on standard output; its report for people is on standard error.
  const stdio = ["ignore", entry.startsWith("jest/") ? "ignore" : "inherit", "inherit"];
  return spawnSync(process.execPath, [entryFile, ...args], { cwd: root, stdio }).status !== 0;
});

const { passed, failed, skipped } = countTests();
rmSync(folder, { recursive: true });
for (const [entry] of failedSteps) process.stdout.write(`failed: ${entry.split("/")[0]}\n`);
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exitCode = failedSteps.length > 0 || failed > 0 ? 1 : 0;

/** In CI nothing may be skipped: there a test that did not run counts as failed. */
function countTests() {
  const summary = readSummary();
  if (!summary) return { passed: 0, failed: 1, skipped: 0 };
  const skipped = summary.numPendingTests + summary.numTodoTests;
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
  return process.env.CI === "true"
    ? { passed: summary.numPassedTests, failed: failed + skipped, skipped: 0 }
    : { passed: summary.numPassedTests, failed, skipped };
}

function readSummary() {
  try {
    return JSON.parse(readFileSync(summaryFile, "utf8"));
  } catch {
    return undefined;
  }
}
