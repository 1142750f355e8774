/** Orchestrations. A name that is not registered hangs for ever without a log line, so names come from here only. */
export const orchestrationNames = {
  patchVm: "patchVm",
  /** A child of patchVm that asks one activity again and again, each chapter with an empty history. */
  askUntilSettled: "askUntilSettled",
  sweep: "sweep",
} as const;

export const triggerNames = {
  vmProvisioned: "vmProvisioned",
  scheduledSweep: "scheduledSweep",
  createRuns: "createRuns",
  listRuns: "listRuns",
  getRun: "getRun",
  cancelRun: "cancelRun",
  stop: "stop",
  unstop: "unstop",
  listImages: "listImages",
  health: "health",
} as const;
