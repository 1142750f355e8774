import { readFileSync } from "node:fs";
import path from "node:path";
import { machineWords } from "../domain/machine/vm-id";
import { packageRoot } from "../local/package-root";
import { FleetError, parseFleet, type Fleet } from "../local/simulated-azure";
import { text } from "./options";
import { userPath } from "./paths";
import { counted } from "./policy/words";
import { UsageError } from "./usage-error";

/** Problems told at once; a broken file may have hundreds. */
const PROBLEMS_TOLD = 3;

export const fleetOption = text(
  "FILE",
  "Fleet to simulate (src/local/demo/fleet.schema.json); the demo fleet if absent.",
);

/** @throws UsageError that names the file, the field, its value and the remedy */
export function readFleet(given: string | undefined): Fleet {
  const file = given === undefined ? path.join(packageRoot(), "src/local/demo/fleet.json") : userPath(given);
  try {
    return parseFleet(readJson(file));
  } catch (failure) {
    if (!(failure instanceof FleetError)) throw failure;
    const problems = failure.message.split("\n");
    const more = problems.length > PROBLEMS_TOLD ? `; and ${problems.length - PROBLEMS_TOLD} more` : "";
    throw new UsageError(`fleet ${file}: ${problems.slice(0, PROBLEMS_TOLD).join("; ")}${more}`);
  }
}

/** `31 VMs and 3 Arc-enabled servers`. */
export function fleetText({ vms, machines }: Fleet): string {
  const servers = machines.length > 0 ? [counted(machines.length, machineWords.arc)] : [];
  return [counted(vms.length, machineWords.azureVm), ...servers].join(" and ");
}

function readJson(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (failure) {
    throw new UsageError(`fleet ${file}: ${reasonOf(failure)}; name a JSON file that can be read`);
  }
  try {
    return JSON.parse(content);
  } catch (failure) {
    throw new UsageError(`fleet ${file}: not JSON: ${reasonOf(failure)}; mend the file`);
  }
}

const reasonOf = (failure: unknown): string => (failure instanceof Error ? failure.message : String(failure));
