import { Console } from "node:console";
import { readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../local/package-root";
import type { Command } from "./command";
import { demoCommand } from "./demo-command";
import { doctorCommand } from "./doctor/doctor-command";
import { explainCommand } from "./explain-command";
import { faultOf } from "./fault";
import { helpOf, overview } from "./help";
import { hostCommand } from "./host-command";
import {
  deletePolicyCommand,
  listPoliciesCommand,
  pushPolicyCommand,
  showPolicyCommand,
} from "./policy/stored-policies";
import { explainPolicyCommand } from "./policy/explain-policy";
import { validatePoliciesCommand } from "./policy/validate-policies";
import {
  periodicAssessmentOffCommand,
  periodicAssessmentOnCommand,
  showPeriodicAssessmentCommand,
} from "./periodic-assessment-command";
import { assessCommand, patchCommand } from "./run-command";
import { assignCommand, deleteCommand, unassignCommand } from "./schedule/assign";
import { createCommand } from "./schedule/create";
import { previewCommand } from "./schedule/preview";
import { listCommand, showCommand } from "./schedule/show";
import { simulateCommand } from "./simulate-command";
import { approveSweepCommand, controlSweepCommands } from "./sweep/control-sweep";
import { listSweepsCommand, showSweepCommand, watchSweepCommand } from "./sweep/look-at-sweeps";
import { planSweepCommand } from "./sweep/plan-sweep";
import { startSweepCommand } from "./sweep/start-sweep";
import { supportCommand } from "./support-command";
import { UsageError } from "./usage-error";

const commands: readonly Command[] = [
  demoCommand,
  doctorCommand,
  supportCommand,
  assessCommand,
  patchCommand,
  showPeriodicAssessmentCommand,
  periodicAssessmentOnCommand,
  periodicAssessmentOffCommand,
  explainCommand,
  validatePoliciesCommand,
  explainPolicyCommand,
  previewCommand,
  createCommand,
  showCommand,
  listCommand,
  assignCommand,
  unassignCommand,
  deleteCommand,
  pushPolicyCommand,
  listPoliciesCommand,
  showPolicyCommand,
  deletePolicyCommand,
  planSweepCommand,
  startSweepCommand,
  listSweepsCommand,
  showSweepCommand,
  watchSweepCommand,
  ...controlSweepCommands,
  approveSweepCommand,
  hostCommand,
  simulateCommand,
];

async function main(args: readonly string[]): Promise<number> {
  const [name] = args;
  if (name === "--help" || name === "-h" || name === "help") return print(overview(commands));
  if (name === "--version") return print(`${version()}\n`);
  const wantsHelp = args.includes("--help") || args.includes("-h");
  for (const command of commands) {
    const words = command.name.split(" ");
    if (words.some((word, index) => word !== args[index])) continue;
    return wantsHelp ? print(helpOf(command)) : command.run(args.slice(words.length));
  }
  const related = commands.filter((command) => command.name.startsWith(`${name ?? ""} `));
  if (wantsHelp && related.length > 0) return print(overview(related));
  throw new UsageError(`${unknownCommand(args, related)}, or goldpatch --help`);
}

function unknownCommand([name, next]: readonly string[], related: readonly Command[]): string {
  if (name === undefined) return `no command; use one of ${namesOf(commands)}`;
  if (related.length === 0) return `"${name}": no such command; use one of ${namesOf(commands)}`;
  return `"${next === undefined ? name : `${name} ${next}`}": no such command; use one of ${namesOf(related)}`;
}

const namesOf = (some: readonly Command[]): string => some.map(({ name }) => name).join(", ");

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(path.join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return manifest.version;
}

/** One line on stderr, never a stack. */
function fail(failure: unknown): never {
  const { line, exitCode } = faultOf(failure);
  process.stderr.write(`goldpatch: ${line}\n`);
  process.exit(exitCode);
}

// Standard output is for results: whatever a library logs goes to standard error.
globalThis.console = new Console(process.stderr, process.stderr);
process.on("uncaughtException", fail);
main(process.argv.slice(2)).then(exit, fail);

/** Leaves only when the result is out: a pipe may be slower than the process. */
function exit(code: number): void {
  process.stdout.write("", () => process.exit(code));
}
