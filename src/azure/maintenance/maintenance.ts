import type { ScopeFilter } from "../../domain/maintenance/dynamic-scope";
import type { MaintenanceRunId, ScheduleId } from "../../domain/maintenance/schedule-id";
import type { OsType } from "../../domain/machine/readiness";
import type { VmId } from "../../domain/machine/vm-id";
import type { Arm } from "../arm";
import type { Answer } from "./answers";
import {
  assignmentsOf,
  assignScope,
  assignVm,
  readAssociations,
  readScopesOfSubscription,
  removeAssignment,
  type Association,
} from "./assignments";
import {
  applyPrerequisites,
  readPatchSettings,
  readScopeVms,
  setPeriodicAssessment,
  type ScopeVm,
  type VmPatchSettings,
} from "./patch-settings";
import { cancelRun, readScheduledInstallations, type ScheduledInstallation } from "./runs";
import { deleteSchedule, listSchedules, putSchedule, readSchedule, type Schedule } from "./schedules";

/**
 * All that the app asks of Microsoft.Maintenance, as plain REST: there is no client of it on npm, and these are a dozen
 * requests without long-running operations.
 */
export interface MaintenanceApi {
  putSchedule(id: ScheduleId, body: object): Promise<Answer<Schedule>>;
  readSchedule(id: ScheduleId): Promise<Answer<Schedule>>;
  listSchedules(subscriptionId: string): Promise<Answer<Schedule[]>>;
  deleteSchedule(id: ScheduleId): Promise<Answer<undefined>>;
  assignVm(schedule: ScheduleId, vmId: VmId, location: string): Promise<Answer<undefined>>;
  /** Ids of the machine's assignments to the schedule. */
  assignmentsOf(schedule: ScheduleId, vmId: VmId): Promise<Answer<string[]>>;
  assignScope(
    schedule: ScheduleId,
    subscriptionId: string,
    name: string,
    filter: ScopeFilter,
  ): Promise<Answer<undefined>>;
  removeAssignment(subscriptionId: string, assignmentId: string): Promise<Answer<undefined>>;
  readAssociations(schedule: ScheduleId, subscriptions: readonly string[]): Promise<Answer<Association[]>>;
  readScopesOfSubscription(subscriptionId: string): Promise<Answer<Association[]>>;
  readPatchSettings(vmId: VmId): Promise<Answer<VmPatchSettings>>;
  applyPrerequisites(vmId: VmId, osType: OsType): Promise<Answer<undefined>>;
  setPeriodicAssessment(vmId: VmId, osType: OsType, on: boolean): Promise<Answer<undefined>>;
  readScopeVms(subscriptionId: string): Promise<Answer<ScopeVm[]>>;
  cancelRun(run: MaintenanceRunId): Promise<Answer<undefined>>;
  readScheduledInstallations(
    runIds: readonly string[],
    subscriptions: readonly string[],
  ): Promise<Answer<ScheduledInstallation[]>>;
}

export const createMaintenanceApi = (arm: Arm): MaintenanceApi => ({
  putSchedule: (id, body) => putSchedule(arm, id, body),
  readSchedule: (id) => readSchedule(arm, id),
  listSchedules: (subscriptionId) => listSchedules(arm, subscriptionId),
  deleteSchedule: (id) => deleteSchedule(arm, id),
  assignVm: (schedule, vmId, location) => assignVm(arm, schedule, vmId, location),
  assignmentsOf: (schedule, vmId) => assignmentsOf(arm, schedule, vmId),
  assignScope: (schedule, subscriptionId, name, filter) => assignScope(arm, schedule, subscriptionId, name, filter),
  removeAssignment: (subscriptionId, id) => removeAssignment(arm, subscriptionId, id),
  readAssociations: (schedule, subscriptions) => readAssociations(arm, schedule, subscriptions),
  readScopesOfSubscription: (subscriptionId) => readScopesOfSubscription(arm, subscriptionId),
  readPatchSettings: (vmId) => readPatchSettings(arm, vmId),
  applyPrerequisites: (vmId, osType) => applyPrerequisites(arm, vmId, osType),
  setPeriodicAssessment: (vmId, osType, on) => setPeriodicAssessment(arm, vmId, osType, on),
  readScopeVms: (subscriptionId) => readScopeVms(arm, subscriptionId),
  cancelRun: (run) => cancelRun(arm, run),
  readScheduledInstallations: (runIds, subscriptions) => readScheduledInstallations(arm, runIds, subscriptions),
});
