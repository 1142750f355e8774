import type { InstallCauses } from "../fleet/operation-schema";
import { MINUTE_MS } from "../timestamps";
import type { InstallRequest } from "./install-request";
import type { InstallationEntry, InstallFindings, RebootStatus } from "./operation";
import type { Patch } from "./patch";

export interface InstallPlan {
  readonly durationMs: number;
  readonly findings: InstallFindings;
  readonly remaining: readonly Patch[];
  readonly reboots: boolean;
  /** Whether the machine reboots with a patch after which it does not come back. */
  readonly breaksMachine: boolean;
}

export interface Durations {
  readonly nothingToDoMs: number;
  readonly someToDoMs: number;
}

/** Windows reserves the last minutes of a window for the reboot; an install that is cut off ends there. */
const SHORTEST_MS = MINUTE_MS;

/** What an install does to the pending patches of a machine, in the order in which it takes them. */
export function planInstall(
  pending: readonly Patch[],
  request: InstallRequest,
  causes: InstallCauses,
  osType: "Windows" | "Linux",
  durations: Durations,
): InstallPlan {
  const wanted = pending.filter((patch) => request.wants(patch));
  const excluded = wanted.filter((patch) => request.excludes(patch));
  const selected = wanted.filter((patch) => !request.excludes(patch));
  const notSelected = pending.filter((patch) => !wanted.includes(patch));
  const naturalMs = selected.length === 0 ? durations.nothingToDoMs : durations.someToDoMs;
  const windowExceeded = causes.windowExceeded ?? naturalMs > request.maximumDurationMs;
  const begun = windowExceeded ? Math.floor(selected.length / 2) : selected.length;
  const entries: InstallationEntry[] = [
    ...selected.map((patch, index) => ({ patch, state: stateOf(patch, index, selected.length, begun, causes) })),
    ...excluded.map((patch) => ({ patch, state: "Excluded" as const })),
    ...notSelected.map((patch) => ({ patch, state: "NotSelected" as const })),
  ];
  const installed = entries.filter(({ state }) => state === "Installed").map(({ patch }) => patch);
  const status = causes.resultStatus ?? statusOf(entries, windowExceeded);
  const failures = entries.filter(({ state }) => state === "Failed").length;
  const rebootStatus = causes.rebootStatus ?? rebootStatusOf(installed, request);
  const reboots = rebootStatus === "Completed" || rebootStatus === "Started";
  return {
    durationMs: Math.max(SHORTEST_MS, windowExceeded ? Math.min(naturalMs, request.maximumDurationMs) : naturalMs),
    findings: {
      status,
      entries,
      rebootStatus,
      windowExceeded,
      error: causes.resultError ? { ...causes.resultError, details: [] } : reportedError(status, failures, osType),
    },
    remaining: pending.filter((patch) => !installed.includes(patch)),
    reboots,
    breaksMachine: reboots && installed.some(({ afterReboot }) => afterReboot === "agentLost"),
  };
}

function stateOf(
  patch: Patch,
  index: number,
  count: number,
  begun: number,
  causes: InstallCauses,
): InstallationEntry["state"] {
  if (index >= begun) return "Pending";
  if (patch.whenInstalled === "staysPending" || index < causes.stayingPending) return "Pending";
  return patch.whenInstalled === "fails" || index >= count - causes.failing ? "Failed" : "Installed";
}

function rebootStatusOf(installed: readonly Patch[], request: InstallRequest): RebootStatus {
  if (request.rebootSetting === "Always") return "Completed";
  if (installed.every((patch) => patch.reboot === "never")) return "NotNeeded";
  return request.rebootSetting === "Never" ? "Required" : "Completed";
}

/** "Failed" as soon as one update failed: [DOC] query-logs. A warning when updates are left over: assumption. */
function statusOf(entries: readonly InstallationEntry[], windowExceeded: boolean): string {
  if (entries.some(({ state }) => state === "Failed")) return "Failed";
  return windowExceeded || entries.some(({ state }) => state === "Pending") ? "CompletedWithWarnings" : "Succeeded";
}

/**
 * The error inside a result. Present on success too: [REC] R1, R2. Codes on Linux: [3P] LinuxPatchExtension Constants;
 * what Windows says of failures was never seen, so it is null as in the official examples.
 */
export function reportedError(
  status: string,
  failures: number,
  osType: "Windows" | "Linux",
): Readonly<Record<string, unknown>> | null {
  const good = status === "Succeeded";
  if (osType === "Windows") return good ? { details: [], code: "Success", message: "0 error/s reported" } : null;
  const code = good ? "0" : status === "CompletedWithWarnings" ? "2" : "1";
  return { details: [], code, message: `${failures} error/s reported.` };
}
