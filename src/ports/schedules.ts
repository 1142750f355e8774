import { assign } from "../activities/schedule/assign";
import { createSchedule } from "../activities/schedule/create-schedule";
import { isScheduleInScope, type ScheduleDeps } from "../activities/schedule/deps";
import { onMaintenance } from "../activities/schedule/maintenance-event";
import { deleteSchedule, listSchedules, showSchedule } from "../activities/schedule/show-schedule";
import { unassign } from "../activities/schedule/unassign";
import type { SchedulePorts } from "../triggers/ports";

/** What routes and events of schedules get of the app. */
export const createSchedulePorts = (deps: ScheduleDeps): SchedulePorts => ({
  isInScope: (id) => isScheduleInScope(deps, id),
  create: (id, body) => createSchedule(deps, id, body),
  list: () => listSchedules(deps),
  show: (id) =>
    isScheduleInScope(deps, id)
      ? showSchedule(deps, id)
      : Promise.resolve({ kind: "invalid", detail: "scheduleId: outside GOLDPATCH_SCOPE: it was not read" }),
  remove: (id) => deleteSchedule(deps, id),
  assign: (id, body) => assign(deps, id, body),
  unassign: (id, body) => unassign(deps, id, body),
  onMaintenance: (event) => onMaintenance(deps, event),
});
