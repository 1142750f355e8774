import { childIdOf, CLAIM_CHILD } from "../../contracts/names";
import type { Ending, OpenRun, RunRequest } from "../../contracts/run";
import { decideLife, mayLive, SHOULD_MOVE_WITHIN_MS, type Orchestration } from "../../domain/run/life";
import { isRun, type RunRecord } from "../../ledger/runs";
import type { Instances } from "../run/deps";
import { giveBack } from "../run/record-outcome";
import { settleDeadRun } from "../run/settle-dead-run";
import type { WatchdogDeps } from "./deps";

/** Another version wrote it, or somebody's hand: nothing can be said of this run. */
export class UnreadableRun extends Error {
  override readonly name = "UnreadableRun";
}

/** One look at a run that may have no outcome. Whatever it leaves undone, the next look does. */
export async function watchRun(
  deps: WatchdogDeps,
  instances: Instances,
  { request, since }: OpenRun,
  watchedSince: number,
): Promise<void> {
  const run = await deps.runs.get(request.runId);
  if (run && !isRun(run)) throw new UnreadableRun("the run's row has another shape");
  // Whoever wrote the outcome did not get further.
  if (run && run.outcome !== null) return giveBack(deps, request);

  const claimedAt = claimOf(run);
  const life = decideLife({
    now: deps.clock.now(),
    watchedSince,
    openSince: since,
    begun: run !== undefined,
    ...(claimedAt !== undefined && { claimedAt }),
    orchestration: await lookAt(deps, instances, request, claimedAt !== undefined),
    deadlineMs: deps.runDeadlineMs + ((request.sweep ?? run?.policy)?.extraMs ?? 0),
  });
  switch (life.kind) {
    case "goesOn":
      return;
    case "neverBegan":
      deps.logs.runNeverBegan({ runId: request.runId, vmId: request.vmId });
      return deps.open.remove(request.runId);
    case "hangs":
      await end(deps, instances, request);
      return settle(deps, request, { code: "OrchestrationHung", detail: life.reason });
    case "ended":
      return settle(deps, request, { code: "OrchestrationEnded", detail: life.reason });
  }
}

function claimOf(run: RunRecord | undefined): number | undefined {
  const endedAt = run?.steps.find(({ name }) => name === "claimRun")?.endedAt;
  return endedAt == null ? undefined : Date.parse(endedAt);
}

/** A run that waits for its turn soon does so in a child, and then only the child's history grows. */
async function lookAt(
  { clock }: WatchdogDeps,
  instances: Instances,
  { runId }: RunRequest,
  claimed: boolean,
): Promise<Orchestration> {
  const orchestration = await instances.look(runId);
  const moves = orchestration.kind !== "alive" || clock.now() - orchestration.movedAt <= SHOULD_MOVE_WITHIN_MS;
  if (claimed || moves) return orchestration;
  const child = await instances.look(childIdOf(runId, CLAIM_CHILD));
  if (child.kind === "unknown") return child;
  return child.kind === "alive" && child.movedAt > orchestration.movedAt ? child : orchestration;
}

/**
 * Ends what hangs, as far as it can be reached. The outcome does not wait for that: the fence keeps whatever lives on
 * from sending. (An instance of a newer version than the app's may never take the message.)
 */
async function end({ logs }: WatchdogDeps, instances: Instances, { runId }: RunRequest): Promise<void> {
  for (const instanceId of [runId, childIdOf(runId, CLAIM_CHILD)]) {
    try {
      if (mayLive(await instances.look(instanceId))) await instances.terminate(instanceId, "hung");
    } catch (failure) {
      logs.watchdogFailed({ at: instanceId, failure: String(failure) });
    }
  }
}

async function settle(deps: WatchdogDeps, request: RunRequest, reason: Ending): Promise<void> {
  const settlement = await settleDeadRun(deps, request, reason);
  if (settlement.kind === "wait") return;
  const { runId, vmId } = request;
  deps.logs.runSettled({ runId, vmId, code: settlement.code, reason: reason.detail ?? reason.code });
}
