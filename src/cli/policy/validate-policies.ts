import { several } from "../argument";
import { command } from "../command";
import { flag } from "../options";
import { fileArgument, problemLines, readPolicyFile } from "./policy-file";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;
const UNUSABLE = 2;

export const validatePoliciesCommand = command(
  "policy validate",
  "Tells everything that is wrong with policy files, with line and column. Needs no host.",
  several(fileArgument),
  { json: flag("Prints one JSON document instead of words.") },
  async (files, { json = false }) => {
    const read = files.map((file) => ({ file, reading: readPolicyFile(file) }));
    if (json) {
      const documents = read.map(({ file, reading }) =>
        reading.kind === "policy"
          ? { file, valid: true, name: reading.policy.name, hash: reading.hash, problems: [] }
          : { file, valid: false, problems: reading.problems },
      );
      process.stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, files: documents })}\n`);
    } else {
      for (const { file, reading } of read) {
        process.stdout.write(
          reading.kind === "policy"
            ? `${file}: valid: ${reading.policy.name}, hash ${reading.hash}\n`
            : problemLines(file, reading.problems),
        );
      }
    }
    return read.every(({ reading }) => reading.kind === "policy") ? 0 : UNUSABLE;
  },
);
