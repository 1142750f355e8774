import { orchestrationNames } from "../../contracts/names";
import type { RunRequest } from "../../contracts/run";
import { formatVmId } from "../../domain/machine/vm-id";
import type { Starter, TriggerPorts } from "../ports";
import { readVmWrite } from "./vm-write-event";

/**
 * Starts a run for every VM write in scope. The trigger cannot look whether the VM is new: the run does, first.
 * Redelivery, and the same event in the other schema, lead to the same run.
 */
export const vmProvisioned =
  (ports: TriggerPorts) =>
  async (event: unknown, starter: Starter): Promise<void> => {
    const write = readVmWrite(event);
    if (write.kind === "ignored") return ports.logs.eventIgnored({ reason: write.reason, subject: write.subject });
    if (write.kind === "refused") return ports.logs.eventRefused({ reason: write.reason, subject: write.subject });
    const vmId = formatVmId(write.vmId);
    if (!ports.isInScope(write.vmId))
      return ports.logs.eventIgnored({ reason: "outside GOLDPATCH_SCOPE", subject: vmId });
    if (ports.refusal !== undefined) return ports.logs.eventIgnored({ reason: ports.refusal, subject: vmId });

    const run: RunRequest = {
      runId: ports.eventRunId(write.vmId, write.correlationId),
      vmId,
      mode: ports.provisionMode,
      trigger: "event",
      requestedAt: new Date(write.at).toISOString(),
    };
    await ports.announce(run);
    await starter.start(orchestrationNames.patchVm, run.runId, run);
    ports.logs.runRequested({ runId: run.runId, vmId, trigger: "event", mode: run.mode });
  };
