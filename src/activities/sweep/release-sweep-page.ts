import type { Azure } from "../../azure/azure";
import type { Clock } from "../../clock";
import type { Settings } from "../../config";
import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { orchestrationNames } from "../../contracts/names";
import type { RunRequest } from "../../contracts/run";
import { isInScope } from "../../domain/machine/scope";
import { canonicalVmId, formatVmId, parseVmId } from "../../domain/machine/vm-id";
import { sweepRunId } from "../../ledger/keys";
import type { OpenRuns } from "../../ledger/open-runs";
import type { SweepLedger } from "../../ledger/sweeps";
import type { Logs } from "../../logs";
import type { Instances } from "../run/deps";

export interface SweepDeps {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly logs: Logs;
  readonly azure: Azure;
  readonly sweeps: SweepLedger;
  readonly open: OpenRuns;
}

const UNAVAILABLE_WAIT_MS = 60_000;
/** A sweep that cannot read its scope for so long leaves it to the next slot. */
const PATIENCE_MS = 2 * 3_600_000;

/** Reads one page of the scope's VMs from customized images and starts a run for each. Repeating it starts nothing twice. */
export const releaseSweepPage =
  ({ clock, settings, logs, azure, sweeps, open }: SweepDeps) =>
  async (
    { sweepId, slot, skipToken }: ActivityInput<"releaseSweepPage">,
    instances: Instances,
  ): Promise<ActivityResult<"releaseSweepPage">> => {
    const now = clock.now();
    const { beganAt, over } = await sweeps.begin(sweepId, now);
    if (over) return { kind: "last", started: 0 };
    const page = await azure.readCandidates(settings.GOLDPATCH_SCOPE, skipToken);
    if (page.kind === "forbidden" || (page.kind === "unavailable" && now - beganAt > PATIENCE_MS)) {
      logs.sweepGivenUp({ sweepId, reason: page.message });
      await sweeps.end(sweepId);
      return { kind: "last", started: 0 };
    }
    if (page.kind === "unavailable") {
      logs.azureUnavailable({ runId: sweepId, vmId: "", reason: page.message });
      return { kind: "wait", at: new Date(now + Math.max(UNAVAILABLE_WAIT_MS, page.retryAfterMs ?? 0)).toISOString() };
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
      await open.add(request, now);
      await instances.start(orchestrationNames.patchVm, request.runId, request);
    }
    logs.sweepPage({ sweepId, started: vmIds.length });
    if (page.skipToken !== undefined) return { kind: "page", started: vmIds.length, skipToken: page.skipToken };
    await sweeps.end(sweepId);
    return { kind: "last", started: vmIds.length };
  };
