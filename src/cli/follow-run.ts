import { setTimeout } from "node:timers/promises";
import type { RunView } from "../contracts/api/runs";
import type { HostClient } from "./host-client";
import { saidOf } from "./machine-words";
import { patiently } from "./patiently";
import type { StopSignal, StopSignals } from "./stop-signal";
import { tell } from "./tell";

const LOOK_EVERY_MS = 1000;

const stepWords: Readonly<Record<string, string>> = {
  claimRun: "claims the VM",
  beforeVm: "asks the policy's hook before the VM",
  startVm: "starts the VM",
  checkProvisioning: "checks that the VM can be patched now",
  assessPatches: "Azure assesses the VM",
  readSupportState: "waits for the support state in Resource Graph",
  installPatches: "Azure installs patches",
  confirmInstall: "checks that the VM is well",
  afterVm: "asks the policy's hook after the VM",
  stopVm: "deallocates the VM again",
};

/**
 * Asks for the run until it has its outcome, and tells each step as it begins.
 *
 * @throws OperatorError when the host answers no more; the run itself may go on
 */
export async function followRun(
  client: HostClient,
  runId: string,
  signals: StopSignals,
  /** Put before what is told, where several runs are followed. */
  name = "",
): Promise<RunView | StopSignal> {
  const goesOn = `run ${runId}: ${client.url} answers no more, and the run may go on there; ask with goldpatch explain ${runId}`;
  let told = 0;
  for (;;) {
    const run = await patiently(() => client.run(runId), goesOn);
    for (const step of run.steps.slice(told)) {
      const words = stepWords[step.name];
      if (words !== undefined) tell(`${step.startedAt.slice(11, 19)}  ${name}${saidOf(run.vmId, words)}`);
    }
    told = run.steps.length;
    if (run.outcome !== null) return run;
    const stopped = await Promise.race([signals.first, setTimeout(LOOK_EVERY_MS, undefined)]);
    if (stopped !== undefined) return stopped;
  }
}
