import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { Ending } from "../../contracts/run";
import type { VmLedger } from "../../ledger/vms";
import { subjectOf, type RunDeps } from "./deps";
import { installEnding } from "./install-ending";

/** A failure's first line: enough to find the cause, too short to carry a body or an address. */
const LONGEST_DETAIL = 300;

/** After a failed activity the rows tell how far the run came. */
export const settleAfterFailure =
  (deps: RunDeps) =>
  async (input: ActivityInput<"settleAfterFailure">): Promise<ActivityResult<"settleAfterFailure">> => {
    const { vm } = subjectOf(deps, input);
    const failure = firstLine(input.failure);
    deps.logs.activityFailed({ runId: input.runId, vmId: input.vmId, failure });
    return { kind: "end", ...(await endingByRows(vm, input.runId, failure)) };
  };

/** How a run ends that can no longer be asked. */
export async function endingByRows(vm: VmLedger, runId: string, failure: string): Promise<Ending> {
  const install = (await vm.intentsOfRun(runId)).filter(({ operation }) => operation === "install").at(-1);
  switch (install?.state) {
    case "accepted":
      return install.accepted?.ended
        ? installEnding(install.accepted.ended)
        : { code: "FinalStateUnreadable", detail: failure };
    case "open":
    case "untraced":
      return { code: "IntentUnresolved", detail: failure };
    case "refused":
    case "withheld":
      return install.ending ?? { code: "InternalError", detail: failure };
    case undefined:
      return { code: "InternalError", detail: failure };
  }
}

const firstLine = (failure: string): string => (failure.split("\n")[0] ?? "").slice(0, LONGEST_DETAIL);
