import { readFileSync } from "node:fs";
import path from "node:path";
import { resultFile, TYPES_FILE } from "./copies.mjs";
import { runNode } from "./programs.mjs";

/** A run of one defect's tests takes well under a minute; one that takes longer waits for something for ever. */
const HANGS_AFTER_MS = 150_000;
const TYPECHECK_MS = 120_000;
const UNBROKEN_MS = 400_000;

const JEST_FILE = "jest.json";

/** Why the copy does not compile, or undefined. Unused names are what a defect leaves behind, and no matter. */
export async function typeErrors(copy) {
  const file = path.join(copy, "node_modules/typescript/bin/tsc");
  const args = ["--noEmit", "--pretty", "false", "--noUnusedLocals", "false", "--noUnusedParameters", "false"];
  const memory = ["--incremental", "--tsBuildInfoFile", resultFile(copy, TYPES_FILE)];
  const { status, output, timedOut } = await runNode(file, [...args, ...memory], {
    cwd: copy,
    timeoutMs: TYPECHECK_MS,
  });
  if (status === 0) return undefined;
  return timedOut ? "the type check took too long" : (output.trim().split("\n")[0] ?? "the type check failed");
}

/** What is wrong with the tests of the unbroken copy, or undefined. */
export async function troubleWithUnbroken(copy, tests) {
  const types = await typeErrors(copy);
  if (types !== undefined) return types;
  const { results, output, timedOut } = await runJest(copy, tests, { workers: 2, timeoutMs: UNBROKEN_MS });
  if (timedOut) return `its tests ran longer than ${UNBROKEN_MS / 1000} s`;
  if (!results) return `its tests did not run:\n${output}`;
  if (results.success) return undefined;
  const [first] = failedTests(results);
  return `its tests fail, first "${first?.fullName ?? "a suite that does not run"}":\n${output}`;
}

/**
 * What the tests say of a copy with a defect. Only a failed assertion counts: a suite that cannot be loaded, or a test
 * that runs out of time or throws, may fail for any reason.
 * @returns {Promise<{ kind: "caught" | "survived" | "invalid", detail: string }>}
 */
export async function verdictOn(copy, { tests, named }) {
  const types = await typeErrors(copy);
  if (types !== undefined) return { kind: "invalid", detail: `does not compile: ${types}` };
  const { results, output, timedOut } = await runJest(copy, tests, { named, workers: 1, timeoutMs: HANGS_AFTER_MS });
  if (timedOut)
    return { kind: "caught", detail: `no test, but its tests hang: killed after ${HANGS_AFTER_MS / 1000} s` };
  if (!results) return { kind: "invalid", detail: `its tests did not run: ${output.trim().slice(-500)}` };
  return verdictByResults(results, tests);
}

function verdictByResults(results, tests) {
  const failed = inOrderOf(tests, failedTests(results));
  const asserted = failed.find(({ isAssertion }) => isAssertion);
  if (asserted) return { kind: "caught", detail: asserted.fullName };
  const [other] = failed;
  if (other) return { kind: "survived", detail: `"${other.fullName}" fails, but by no assertion: ${other.message}` };
  const { numRuntimeErrorTestSuites: unloaded, numPassedTests: passed } = results;
  if (unloaded > 0) return { kind: "invalid", detail: `${unloaded} of its test files could not be loaded` };
  return passed > 0 ? { kind: "survived", detail: "every test passes" } : { kind: "invalid", detail: "no test ran" };
}

function failedTests(results) {
  return results.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ ancestorTitles, title, failureDetails, failureMessages }) => ({
        file: name,
        fullName: [...ancestorTitles, title].join(": "),
        isAssertion: failureDetails.some((detail) => detail?.matcherResult !== undefined),
        message: failureMessages[0]?.split("\n")[0] ?? "",
      })),
  );
}

const inOrderOf = (tests, failed) => tests.flatMap((test) => failed.filter(({ file }) => file.endsWith(`/${test}`)));

async function runJest(copy, tests, { named, workers, timeoutMs }) {
  const file = path.join(copy, "node_modules/jest/bin/jest.js");
  const outputFile = resultFile(copy, JEST_FILE);
  // A cache of its own: the shared one would grow with every copy.
  const args = ["--ci", "--json", `--outputFile=${outputFile}`, `--cacheDirectory=${resultFile(copy, "cache")}`];
  if (named !== undefined) args.push(`--testNamePattern=${named}`);
  const { output, timedOut } = await runNode(file, [...args, `--maxWorkers=${workers}`, "--runTestsByPath", ...tests], {
    cwd: copy,
    timeoutMs,
  });
  return { results: readJson(outputFile), output, timedOut };
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
