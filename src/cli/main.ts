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
import { assessCommand, patchCommand } from "./run-command";
import { simulateCommand } from "./simulate-command";
import { supportCommand } from "./support-command";
import { UsageError } from "./usage-error";

const commands: readonly Command[] = [
  demoCommand,
  doctorCommand,
  supportCommand,
  assessCommand,
  patchCommand,
  explainCommand,
  hostCommand,
  simulateCommand,
];

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") return print(overview(commands));
  if (name === "--version") return print(`${version()}\n`);
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name).join(", ");
    const what = name === undefined ? "no command" : `"${name}": no such command`;
    throw new UsageError(`${what}; use one of ${names}, or goldpatch --help`);
  }
  return args.includes("--help") || args.includes("-h") ? print(helpOf(command)) : command.run(args);
}

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
