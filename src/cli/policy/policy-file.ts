import type { Argument } from "../argument";
import { readFileSync, statSync } from "node:fs";
import { problemLine, readPolicy, type FileProblem, type PolicyReading } from "../../policy-file/read-policy";
import { LARGEST_BYTES, TOO_LARGE } from "../../policy-file/yaml-tree";
import { userPath } from "../paths";
import { UsageError } from "../usage-error";

export const fileArgument: Argument<string> = {
  placeholder: "FILE",
  meaning: "A policy file (YAML): docs/policy.md tells its fields.",
  read(text) {
    if (text === "") throw new UsageError('FILE "": is no file; name a policy file (YAML)');
    return text;
  },
};

/** Reads the policy in a file. @throws UsageError for a file that cannot be read at all */
export const readPolicyFile = (file: string): PolicyReading => readPolicyText(file).reading;

/** The same with the file's text. */
export function readPolicyText(file: string): { readonly text: string; readonly reading: PolicyReading } {
  const text = textOf(file);
  return text === undefined
    ? { text: "", reading: { kind: "problems", problems: [{ line: 1, column: 1, field: "", remedy: TOO_LARGE }] } }
    : { text, reading: readPolicy(text) };
}

/** Undefined: the file is too large to be looked at. */
function textOf(file: string): string | undefined {
  try {
    const path = userPath(file);
    return statSync(path).size > LARGEST_BYTES ? undefined : utf8(readFileSync(path));
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new UsageError(`policy ${file}: ${reason}; name a UTF-8 file that can be read`);
  }
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** A broken file may have thousands. */
const PROBLEMS_TOLD = 100;

/** `FILE:LINE:COLUMN: field: value: remedy` for each problem. */
export function problemLines(file: string, problems: readonly FileProblem[]): string {
  const more = problems.length - PROBLEMS_TOLD;
  const lines = problems.slice(0, PROBLEMS_TOLD).map((problem) => `${file}:${problemLine(problem)}\n`);
  return `${lines.join("")}${more > 0 ? `${file}: and ${more} more problems\n` : ""}`;
}
