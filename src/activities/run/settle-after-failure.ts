import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Ending } from "../../contracts/run";
import { firstLine } from "../../domain/text";
import type { VmLedger } from "../../ledger/vms";
import { subjectOf, type RunDeps } from "./deps";
import { installEnding } from "./install-ending";

/** After a failed activity the rows tell how far the run came. */
export const settleAfterFailure =
  (deps: RunDeps) =>
  async (input: ActivityInput<"settleAfterFailure">): Promise<ActivityResult<"settleAfterFailure">> => {
    const { vm } = subjectOf(deps, input);
    const failure = firstLine(input.failure);
    deps.logs.activityFailed({ runId: input.runId, vmId: input.vmId, failure });
    return { kind: "end", ...(await endingByRows(vm, input.runId, { code: "InternalError", detail: failure })) };
  };

/** How a run ends that can no longer be asked: by its installation, or for the given reason when there was none. */
export async function endingByRows(vm: VmLedger, runId: string, otherwise: Ending): Promise<Ending> {
  const why = otherwise.detail === undefined ? {} : { detail: otherwise.detail };
  const install = (await vm.intentsOfRun(runId)).filter(({ operation }) => operation === "install").at(-1);
  switch (install?.state) {
    case "accepted":
      return install.accepted?.ended ? installEnding(install.accepted.ended) : { code: "FinalStateUnreadable", ...why };
    case "open":
    case "untraced":
      return { code: "IntentUnresolved", ...why };
    case "refused":
    case "withheld":
      return install.ending ?? otherwise;
    case undefined:
      return otherwise;
  }
}
