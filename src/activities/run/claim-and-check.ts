import type { ActivityResult } from "../../contracts/activities";
import type { RunRequest } from "../../contracts/run";
import { checkProvisioning } from "./check-provisioning";
import { claimRun } from "./claim-run";
import type { Instances, RunDeps } from "./deps";
import { paced, turnAhead } from "./rate";

type Readiness = ActivityResult<"checkProvisioning">;

/** Takes the run, and looks at its VM for the first time, unless a hook or a start comes before. */
export const claimAndCheck =
  (deps: RunDeps) =>
  async (request: RunRequest, instances: Instances): Promise<ActivityResult<"claimRun">> => {
    const claim = await claimRun(deps)(request, instances);
    if (claim.kind !== "claimed" || request.sweep?.around) return claim;
    const { runId, vmId } = request;
    const { readyBy } = claim;
    return { ...claim, check: await checkAndLineUp(deps)({ runId, vmId, readyBy }) };
  };

/** One look at the VM. Is it ready, then the run takes its turn among all that wait to assess. */
export const checkAndLineUp = (deps: RunDeps) =>
  paced(
    deps,
    "checkProvisioning",
    async (input: { runId: string; vmId: string; readyBy: string }): Promise<Readiness> => {
      const seen = await checkProvisioning(deps)(input);
      // Whoever is asked first may take longer than a turn is kept.
      if (seen.kind !== "ready" || seen.around?.includes("beforeVm")) return seen;
      const startAt = await turnAhead(deps, input, "assess");
      return { ...seen, ...(startAt !== undefined && { startAt }) };
    },
  );
