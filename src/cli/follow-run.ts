import { setTimeout } from "node:timers/promises";
import type { RunView } from "../contracts/api";
import { OperatorError } from "../errors";
import { HostRefusal, HostSilentError, type HostClient } from "./host-client";
import type { StopSignal, StopSignals } from "./stop-signal";
import { tell } from "./tell";

const LOOK_EVERY_MS = 1000;
/** A host may be restarted, and a connection break, without harm to the run. */
const PATIENCE_MS = 60_000;

const stepWords: Readonly<Record<string, string>> = {
  claimRun: "claims the VM",
  checkProvisioning: "checks that the VM can be patched now",
  assessPatches: "Azure assesses the VM",
  readSupportState: "waits for the support state in Resource Graph",
  installPatches: "Azure installs patches",
  confirmInstall: "checks that the VM is well",
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
  let told = 0;
  for (;;) {
    const run = await patiently(client, runId);
    for (const step of run.steps.slice(told)) {
      const words = stepWords[step.name];
      if (words !== undefined) tell(`${step.startedAt.slice(11, 19)}  ${name}${words}`);
    }
    told = run.steps.length;
    if (run.outcome !== null) return run;
    const stopped = await Promise.race([signals.first, setTimeout(LOOK_EVERY_MS, undefined)]);
    if (stopped !== undefined) return stopped;
  }
}

async function patiently(client: HostClient, runId: string): Promise<RunView> {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    try {
      return await client.run(runId);
    } catch (failure) {
      if (!(failure instanceof HostSilentError) && !isPassing(failure)) throw failure;
      if (Date.now() >= until) {
        throw new OperatorError(
          `run ${runId}: ${client.url} answers no more, and the run may go on there; ask with goldpatch explain ${runId}`,
          { cause: failure },
        );
      }
      await setTimeout(LOOK_EVERY_MS);
    }
  }
}

const isPassing = (failure: unknown): boolean =>
  failure instanceof HostRefusal && (failure.status === 429 || failure.status >= 500);
