import { readFileSync, statSync } from "node:fs";
import { problemLine, readPolicy, type FileProblem, type PolicyReading } from "../../policy-file/read-policy";
import { LARGEST_BYTES } from "../../policy-file/yaml-tree";
import type { Argument } from "../options";
import { userPath } from "../paths";
import { UsageError } from "../usage-error";

export const fileArgument: Argument<string> = {
  placeholder: "FILE",
  meaning: "A policy file (YAML): docs/policy.md tells its fields.",
  read: (text) => text,
};

/** Reads the policy in a file. @throws UsageError for a file that cannot be read at all */
export function readPolicyFile(file: string): PolicyReading {
  return readPolicy(textOf(file));
}

function textOf(file: string): string {
  try {
    const path = userPath(file);
    // Beyond the limit one more byte is as good as all.
    return statSync(path).size > LARGEST_BYTES ? " ".repeat(LARGEST_BYTES + 1) : utf8(readFileSync(path));
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
