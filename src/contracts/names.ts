/** Orchestrations. A name that is not registered hangs for ever without a log line, so names come from here only. */
export const orchestrationNames = {
  patchVm: "patchVm",
  /** A child of patchVm that asks one activity again and again, each chapter with an empty history. */
  askUntilSettled: "askUntilSettled",
  sweep: "sweep",
  policySweep: "policySweep",
} as const;

/** The id of an orchestration's child: unique, for a running child's id would be overwritten. */
export const childIdOf = (instanceId: string, suffix: string): string => `${instanceId}-${suffix}`;

/** The event that wakes a policy sweep which waits after this tick. A name of its own for each wait (orchestrators/durable.ts). */
export const nudgeAfter = (tick: number): string => `nudge-${tick}`;

/** The child in which a run waits for its turn. */
export const CLAIM_CHILD = "claim";

export const eventNames = {
  vmProvisioned: "vmProvisioned",
  maintenanceEvent: "maintenanceEvent",
} as const;

export const timerNames = {
  scheduledSweep: "scheduledSweep",
  scheduledPolicies: "scheduledPolicies",
  watchdog: "watchdog",
} as const;

export const routeNames = {
  createRuns: "createRuns",
  listRuns: "listRuns",
  getRun: "getRun",
  cancelRun: "cancelRun",
  createSweep: "createSweep",
  listSweeps: "listSweeps",
  getSweep: "getSweep",
  pauseSweep: "pauseSweep",
  resumeSweep: "resumeSweep",
  cancelSweep: "cancelSweep",
  approveSweep: "approveSweep",
  listPolicies: "listPolicies",
  putPolicy: "putPolicy",
  getPolicy: "getPolicy",
  deletePolicy: "deletePolicy",
  listImages: "listImages",
  getImage: "getImage",
  getVm: "getVm",
  getPeriodicAssessment: "getPeriodicAssessment",
  setPeriodicAssessment: "setPeriodicAssessment",
  createSchedule: "createSchedule",
  listSchedules: "listSchedules",
  assignSchedule: "assignSchedule",
  unassignSchedule: "unassignSchedule",
  getSchedule: "getSchedule",
  deleteSchedule: "deleteSchedule",
  stop: "stop",
  unstop: "unstop",
  health: "health",
  openApi: "openApi",
} as const;

/** Functions that the host calls by itself, or for somebody outside. */
export const triggerNames = { ...eventNames, ...timerNames, ...routeNames } as const;

export type EventName = keyof typeof eventNames;
export type TimerName = keyof typeof timerNames;
export type RouteName = keyof typeof routeNames;
