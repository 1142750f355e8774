import type { Azure } from "../../azure/azure";
import type { Clock } from "../../clock";
import type { Settings } from "../../config";
import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { orchestrationNames } from "../../contracts/names";
import type { RunRequest } from "../../contracts/run";
import { isInScope } from "../../domain/machine/scope";
import { canonicalVmId, formatVmId, parseVmId } from "../../domain/machine/vm-id";
import { sweepRunId } from "../../ledger/keys";
import type { SweepLedger } from "../../ledger/sweeps";
import type { Logs } from "../../logs";
import type { Instances } from "../run/deps";

export interface SweepDeps {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly logs: Logs;
  readonly azure: Azure;
  readonly sweeps: SweepLedger;
}

const UNAVAILABLE_WAIT_MS = 60_000;

/** Reads one page of the scope's VMs from customized images and starts a run for each. Repeating it starts nothing twice. */
export const releaseSweepPage =
  ({ clock, settings, logs, azure, sweeps }: SweepDeps) =>
  async (
    { sweepId, slot, skipToken }: ActivityInput<"releaseSweepPage">,
    instances: Instances,
  ): Promise<ActivityResult<"releaseSweepPage">> => {
    if (await sweeps.isReleased(sweepId)) return { kind: "last", started: 0 };
    const page = await azure.readCandidates(settings.GOLDPATCH_SCOPE, skipToken);
    if (page.kind !== "read") {
      logs.azureUnavailable({ runId: sweepId, vmId: "", reason: page.message });
      const waitMs = Math.max(UNAVAILABLE_WAIT_MS, page.kind === "unavailable" ? (page.retryAfterMs ?? 0) : 0);
      return { kind: "wait", at: new Date(clock.now() + waitMs).toISOString() };
    }
    const vmIds = page.vmIds
      .flatMap((id) => parseVmId(id) ?? [])
      .filter((id) => isInScope(settings.GOLDPATCH_SCOPE, id));
    for (const vmId of vmIds) {
      const request: RunRequest = {
        runId: sweepRunId(canonicalVmId(vmId), sweepId),
        vmId: formatVmId(vmId),
        mode: settings.GOLDPATCH_SWEEP_MODE,
        trigger: "sweep",
        requestedAt: slot,
      };
      await instances.start(orchestrationNames.patchVm, request.runId, request);
    }
    logs.sweepPage({ sweepId, started: vmIds.length });
    if (page.skipToken !== undefined) return { kind: "page", started: vmIds.length, skipToken: page.skipToken };
    await sweeps.markReleased(sweepId, new Date(clock.now()).toISOString());
    return { kind: "last", started: vmIds.length };
  };
