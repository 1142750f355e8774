import { askHook } from "../activities/run/ask-hook";
import { checkAndLineUp, claimAndCheck } from "../activities/run/claim-and-check";
import { confirmInstall } from "../activities/run/confirm-install";
import type { Instances, RunDeps } from "../activities/run/deps";
import { pollAndGoOn, readAndLineUp } from "../activities/run/poll-and-go-on";
import { paced } from "../activities/run/rate";
import { recordOutcome } from "../activities/run/record-outcome";
import { resolveIntent } from "../activities/run/resolve-intent";
import { settleAfterFailure } from "../activities/run/settle-after-failure";
import { startOperation } from "../activities/run/start-operation";
import { startVm } from "../activities/run/start-vm";
import { stopVm } from "../activities/run/stop-vm";
import { askStageHook } from "../activities/sweep/ask-stage-hook";
import { planSweep } from "../activities/sweep/plan-sweep";
import { releaseSweepPage } from "../activities/sweep/release-sweep-page";
import { tickSweep } from "../activities/sweep/tick-sweep";
import type { ActivityInput, ActivityName, ActivityResult } from "../contracts/activities";
import type { SweepLedger } from "../ledger/sweeps";

export type Activity<N extends ActivityName> = (
  input: ActivityInput<N>,
  instances: Instances,
) => Promise<ActivityResult<N>>;
export type Activities = { readonly [N in ActivityName]: Activity<N> };

/** Every activity. `paced` ones read Azure Resource Manager, whose limits all instances share. */
export const activitiesOf = (deps: RunDeps & { readonly sweeps: SweepLedger }): Activities => ({
  claimRun: claimAndCheck(deps),
  checkProvisioning: checkAndLineUp(deps),
  startOperation: startOperation(deps),
  resolveIntent: paced(deps, "resolveIntent", resolveIntent(deps)),
  pollOperation: paced(deps, "pollOperation", pollAndGoOn(deps)),
  readSupportState: readAndLineUp(deps),
  confirmInstall: paced(deps, "confirmInstall", confirmInstall(deps)),
  settleAfterFailure: settleAfterFailure(deps),
  recordOutcome: recordOutcome(deps),
  askHook: askHook(deps),
  startVm: paced(deps, "startVm", startVm(deps)),
  stopVm: paced(deps, "stopVm", stopVm(deps)),

  releaseSweepPage: releaseSweepPage(deps),
  planSweep: planSweep(deps),
  tickSweep: tickSweep(deps),
  askStageHook: askStageHook(deps),
});
