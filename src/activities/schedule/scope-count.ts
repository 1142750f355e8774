import { scopeIdOf } from "../../azure/maintenance/assignments";
import type { Answer } from "../../azure/maintenance/answers";
import type { MaintenanceApi } from "../../azure/maintenance/maintenance";
import { MOST_SCOPES } from "../../domain/maintenance/limits";
import type { ScheduleId } from "../../domain/maintenance/schedule-id";
import { sameText } from "../../domain/text";

interface NewScope {
  readonly subscriptionId: string;
  readonly name: string;
}

/**
 * How many dynamic scopes the subscription would have in the schedule's region with this one. Where there are more than
 * may be, those count whose schedule lies there too: a scope has no region of its own.
 */
export async function countScopes(
  api: Pick<MaintenanceApi, "readScopesOfSubscription" | "listSchedules">,
  { subscriptionId, name }: NewScope,
  schedule: ScheduleId,
  location: string,
): Promise<Answer<number>> {
  const read = await api.readScopesOfSubscription(subscriptionId);
  if (read.kind !== "done") return read;
  const others = read.value.filter(({ id, filter }) => filter && !sameText(id, scopeIdOf(subscriptionId, name)));
  if (others.length < MOST_SCOPES) return { kind: "done", value: others.length + 1 };
  const near = new Set<string>();
  for (const home of new Set([subscriptionId.toLowerCase(), schedule.subscriptionId.toLowerCase()])) {
    const listed = await api.listSchedules(home);
    if (listed.kind !== "done") return listed;
    for (const one of listed.value) if (plain(one.location) === plain(location)) near.add(one.id.toLowerCase());
  }
  return { kind: "done", value: others.filter(({ scheduleId }) => near.has(scheduleId.toLowerCase())).length + 1 };
}

/** Azure writes a region as "West Europe" and as "westeurope". */
const plain = (location: string): string => location.toLowerCase().replaceAll(" ", "");
