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

export const triggerNames = {
  vmProvisioned: "vmProvisioned",
  scheduledSweep: "scheduledSweep",
  scheduledPolicies: "scheduledPolicies",
  watchdog: "watchdog",
  createRuns: "createRuns",
  listRuns: "listRuns",
  getRun: "getRun",
  cancelRun: "cancelRun",
  stop: "stop",
  unstop: "unstop",
  getVm: "getVm",
  getPeriodicAssessment: "getPeriodicAssessment",
  setPeriodicAssessment: "setPeriodicAssessment",
  listImages: "listImages",
  getImage: "getImage",
  createSweep: "createSweep",
  listSweeps: "listSweeps",
  getSweep: "getSweep",
  pauseSweep: "pauseSweep",
  resumeSweep: "resumeSweep",
  cancelSweep: "cancelSweep",
  approveSweep: "approveSweep",
  maintenanceEvent: "maintenanceEvent",
  createSchedule: "createSchedule",
  listSchedules: "listSchedules",
  getSchedule: "getSchedule",
  deleteSchedule: "deleteSchedule",
  assignSchedule: "assignSchedule",
  unassignSchedule: "unassignSchedule",
  listPolicies: "listPolicies",
  putPolicy: "putPolicy",
  getPolicy: "getPolicy",
  deletePolicy: "deletePolicy",
  health: "health",
} as const;
