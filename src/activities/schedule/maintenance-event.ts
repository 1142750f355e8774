import type { AnnouncedMaintenance } from "../../contracts/maintenance-event";
import { canonicalScheduleId, formatMaintenanceRunId } from "../../domain/maintenance/schedule-id";
import { decidePreEvent } from "../../domain/maintenance/pre-event";
import { OperatorError } from "../../errors";
import type { ScheduleRun } from "../../ledger/schedules";
import { holdOn, holdTexts } from "../hold";
import { isoOf } from "../run/deps";
import { coveringPolicies } from "./covering-policies";
import { isScheduleInScope, troubleOf, type ScheduleDeps } from "./deps";
import { pickUpScheduledRuns } from "./pick-up";

/**
 * Before a run: cancels it where a gate of ours is closed. After it: looks for its results. Repeating it changes
 * nothing, and it is repeated when Azure cannot be asked.
 *
 * @throws OperatorError when Azure did not answer: Event Grid delivers again
 */
export async function onMaintenance(deps: ScheduleDeps, event: AnnouncedMaintenance): Promise<void> {
  const runId = formatMaintenanceRunId(event.run).toLowerCase();
  if (!isScheduleInScope(deps, event.run.schedule)) {
    return deps.logs.eventIgnored({ reason: "outside GOLDPATCH_SCOPE", subject: runId });
  }
  const run: ScheduleRun = {
    scheduleId: canonicalScheduleId(event.run.schedule),
    runId,
    run: event.run.run,
    startsAt: isoOf(event.startsAt),
    endsAt: isoOf(event.endsAt),
    decision: null,
  };
  await deps.schedules.begin(run);
  if (event.when === "before") return beforeRun(deps, event, run);
  return pickUpScheduledRuns(deps);
}

async function beforeRun(deps: ScheduleDeps, event: AnnouncedMaintenance, run: ScheduleRun): Promise<void> {
  const { clock, schedules, maintenance, logs } = deps;
  const { runId } = run;
  const hold = await holdOn(deps);
  const decision = decidePreEvent({
    startsAt: event.startsAt,
    endsAt: event.endsAt,
    cancelUntil: event.cancelUntil,
    now: clock.now(),
    held: hold && holdTexts[hold],
    policies: await coveringPolicies(deps, event),
  });
  if (decision.kind === "letRun") return;
  const { reason } = decision;
  if (decision.kind === "tooLate") {
    logs.maintenanceNotCancelled({ runId, reason, why: "too late" });
    return schedules.decide({ ...run, decision: { kind: "tooLate", reason } });
  }
  const cancelled = await maintenance.cancelRun(event.run);
  if (cancelled.kind === "done") {
    logs.maintenanceCancelled({ runId, reason });
    return schedules.decide({ ...run, decision: { kind: "cancelled", reason } });
  }
  const why = troubleOf(cancelled);
  logs.maintenanceNotCancelled({ runId, reason, why });
  await schedules.decide({ ...run, decision: { kind: "refused", reason: `${reason}; Azure: ${why}` } });
  if (cancelled.kind === "unavailable") throw new OperatorError(`${runId}: was not cancelled: ${why}`);
}
