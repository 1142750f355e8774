import { scopeIdOf } from "../../azure/maintenance/assignments";
import type { ScheduleAnswer, UnassignBody, UnassignmentView } from "../../contracts/api/schedules";
import { formatScheduleId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { formatVmId, parseVmId } from "../../domain/machine/vm-id";
import { troubleOf, type ScheduleDeps } from "./deps";

/** Takes machines or a dynamic scope from a schedule, whoever added them. Their models stay as they are. */
export async function unassign(
  { maintenance, logs }: ScheduleDeps,
  id: ScheduleId,
  { vmIds = [], scope }: UnassignBody,
): Promise<ScheduleAnswer<UnassignmentView>> {
  const removed: string[] = [];
  const notAssigned: string[] = [];
  const trouble: string[] = [];
  for (const vmId of vmIds.flatMap((text) => parseVmId(text) ?? [])) {
    const name = formatVmId(vmId);
    const found = await maintenance.assignmentsOf(id, vmId);
    if (found.kind !== "done") {
      trouble.push(`${name}: ${troubleOf(found)}`);
      continue;
    }
    if (found.value.length === 0) notAssigned.push(name);
    for (const assignmentId of found.value) {
      const gone = await maintenance.removeAssignment(vmId.subscriptionId, assignmentId);
      if (gone.kind === "done") removed.push(name);
      else trouble.push(`${name}: ${troubleOf(gone)}`);
    }
  }
  if (scope) {
    const gone = await maintenance.removeAssignment(scope.subscriptionId, scopeIdOf(scope.subscriptionId, scope.name));
    if (gone.kind === "done") removed.push(scope.name);
    else trouble.push(`${scope.name}: ${troubleOf(gone)}`);
  }
  if (removed.length > 0) {
    logs.scheduleChanged({ scheduleId: formatScheduleId(id), change: `${removed.length} unassigned` });
  }
  return { kind: "done", value: { scheduleId: formatScheduleId(id), removed, notAssigned, trouble } };
}
