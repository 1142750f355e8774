import type { Schedule } from "../../azure/maintenance/schedules";
import type { ScheduleAnswer, ScheduleRunView, ScheduleSummary, ScheduleView } from "../../contracts/api/schedules";
import { lateStartWarning } from "../../domain/maintenance/lead-time";
import { canonicalScheduleId, parseScheduleId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import {
  nextWindowStarts,
  parseLocalTime,
  readWindow,
  type MaintenanceWindow,
  type StartView,
  type WindowText,
} from "../../domain/maintenance/window";
import { instantOf } from "../../domain/window/time-zone";
import { MissingStore } from "../../store/missing";
import { isInScope } from "../../domain/machine/scope";
import { sameText } from "../../domain/text";
import { failureOf, isScheduleInScope, subscriptionsOf, troubleOf, type ScheduleDeps } from "./deps";

const STARTS = 5;
/** Runs that are told: a schedule that repeats as often as it may has as many in a fortnight. */
const RUNS = 50;

/** Everything about one schedule: what Azure has, who belongs to it, and how its runs went. Its runs are watched from now on. */
export async function showSchedule(deps: ScheduleDeps, id: ScheduleId): Promise<ScheduleAnswer<ScheduleView>> {
  const { maintenance, schedules, clock, store } = deps;
  const read = await maintenance.readSchedule(id);
  if (read.kind !== "done") return failureOf(read);
  const scheduleId = canonicalScheduleId(id);
  const view = viewOf(read.value, clock.now());
  if (!(store instanceof MissingStore)) await schedules.note({ scheduleId, window: watchedWindow(view) });
  const found = await maintenance.readAssociations(id, subscriptionsOf(deps));
  const associations = found.kind === "done" ? found.value : [];
  const runs: ScheduleRunView[] = [];
  for (const { runId, startsAt, endsAt, decision } of (await schedules.runsOf(scheduleId)).slice(0, RUNS)) {
    runs.push({ runId, startsAt, endsAt, decision, results: await schedules.results(runId) });
  }
  return {
    kind: "done",
    value: {
      ...view,
      machines: associations.filter(({ filter }) => !filter).map(({ resourceId }) => resourceId),
      scopes: associations.flatMap(({ filter, name, resourceId }) =>
        filter ? [{ subscriptionId: resourceId.split("/")[2] ?? "", name, filter }] : [],
      ),
      ...(found.kind !== "done" && { associationsTrouble: troubleOf(found) }),
      runs,
    },
  };
}

/** All schedules in the guest whose resource group is in scope. */
export async function listSchedules(deps: ScheduleDeps): Promise<ScheduleAnswer<ScheduleSummary[]>> {
  const all: ScheduleSummary[] = [];
  for (const subscriptionId of subscriptionsOf(deps)) {
    const listed = await deps.maintenance.listSchedules(subscriptionId);
    if (listed.kind !== "done") return failureOf(listed);
    for (const schedule of listed.value) {
      const id = parseScheduleId(schedule.id);
      if (!id || !isInScope(deps.settings.GOLDPATCH_SCOPE, id)) continue;
      if (!sameText(schedule.maintenanceScope ?? undefined, "InGuestPatch")) continue;
      all.push(summaryOf(schedule, deps.clock.now()));
    }
  }
  return { kind: "done", value: all };
}

export function summaryOf(schedule: Schedule, now: number): ScheduleSummary {
  const { scheduleId, location, window, nextStarts } = viewOf(schedule, now);
  return {
    scheduleId,
    location,
    recurEvery: window?.recurEvery ?? null,
    timeZone: window?.timeZone ?? null,
    nextStart: nextStarts[0] ?? null,
  };
}

/** What Azure has of a schedule. */
export function viewOf({ id, location, window, installPatches }: Schedule, now: number): ScheduleView {
  const none = { machines: [], scopes: [], runs: [] };
  if (!window) {
    return { ...none, scheduleId: id, location, window: null, nextStarts: [], installPatches, warnings: [] };
  }
  const { recurEvery, startDateTime, timeZone, duration, expirationDateTime } = window;
  const text = { recurEvery, startDateTime, timeZone, duration };
  const reading = readWindow(text);
  const warning = reading.kind === "read" ? lateStartWarning(reading.window) : undefined;
  return {
    ...none,
    scheduleId: id,
    location,
    window: { ...text, ...(expirationDateTime && { expirationDateTime }) },
    nextStarts: reading.kind === "read" ? startsUntil(reading.window, expirationDateTime, now) : [],
    ...(reading.kind === "refused" && {
      windowTrouble: reading.problems.map(({ field, value, rule }) => `${field} "${value}": ${rule}`).join("; "),
    }),
    installPatches,
    warnings: warning === undefined ? [] : [warning],
  };
}

function startsUntil(window: MaintenanceWindow, expiration: string | null | undefined, now: number): StartView[] {
  const starts = nextWindowStarts(window, STARTS, now);
  const until = parseLocalTime(expiration ?? "");
  return until ? starts.filter(({ utc }) => Date.parse(utc) < instantOf(window.zone, until)) : starts;
}

/** The window by which runs are found without their events; none where it cannot be read. */
export function watchedWindow({ window, windowTrouble }: ScheduleView): WindowText | null {
  if (!window || windowTrouble !== undefined) return null;
  const { recurEvery, startDateTime, timeZone, duration } = window;
  return { recurEvery, startDateTime, timeZone, duration };
}

/** Deletes a schedule. Its machines and dynamic scopes belong to none then; what its runs did is kept. */
export async function deleteSchedule(deps: ScheduleDeps, id: ScheduleId): Promise<ScheduleAnswer<undefined>> {
  if (!isScheduleInScope(deps, id)) return { kind: "invalid", detail: "scheduleId: outside GOLDPATCH_SCOPE" };
  const read = await deps.maintenance.readSchedule(id);
  if (read.kind !== "done") return failureOf(read);
  const deleted = await deps.maintenance.deleteSchedule(id);
  if (deleted.kind !== "done") return failureOf(deleted);
  await deps.schedules.forget(canonicalScheduleId(id));
  deps.logs.scheduleChanged({ scheduleId: read.value.id, change: "deleted" });
  return { kind: "done", value: undefined };
}
