import { one } from "../argument";
import { command } from "../command";
import { flag, type Option } from "../options";
import { UsageError } from "../usage-error";
import { explain, explanationText } from "./explanation";
import { fileArgument, problemLines, readPolicyFile } from "./policy-file";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;
const UNUSABLE = 2;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
const [EARLIEST, LATEST] = [Date.UTC(2000, 0), Date.UTC(2200, 0)];

const instant: Option<number> = {
  placeholder: "INSTANT",
  meaning: "Tells what happens from then on, such as 2026-11-24T12:00:00Z; from now on if absent.",
  read(text, name) {
    const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
    if (at >= EARLIEST && at < LATEST) return at;
    throw new UsageError(
      `--${name} "${text}": give it an instant with its zone from 2000 to 2199, such as 2026-11-24T12:00:00Z`,
    );
  },
};

export const explainPolicyCommand = command(
  "policy explain",
  "Tells in words what a policy file means, and when things would happen next. Needs no host.",
  one(fileArgument),
  { at: instant, json: flag("Prints one JSON document instead of words.") },
  async (file, { at = Date.now(), json = false }) => {
    const reading = readPolicyFile(file);
    if (reading.kind === "problems") {
      process.stderr.write(problemLines(file, reading.problems));
      return UNUSABLE;
    }
    const explanation = explain(reading.policy, at);
    process.stdout.write(
      json
        ? `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, file, hash: reading.hash, ...explanation, policy: reading.policy })}\n`
        : explanationText(reading.policy.name, reading.hash, explanation),
    );
    return 0;
  },
);
