import { redacted } from "./domain/redact";

/** What every log line goes through: one JSON object a line, each with a named event. Never an operation's address, a key or a token. */
export type LogSink = (line: string) => void;

type Level = "info" | "warn";

export interface Logs {
  accessRefused(fields: { route: string; role: string; status: number }): void;
  /** A route failed; its caller is told no more than that. */
  requestFailed(fields: { route: string; failure: string }): void;
  eventIgnored(fields: { reason: string; subject: string }): void;
  /** An event that contradicts itself: nothing that Event Grid sends does. */
  eventRefused(fields: { reason: string; subject: string }): void;
  runRequested(fields: { runId: string; vmId: string; trigger: string; mode: string }): void;
  startFailed(fields: { runId: string; vmId: string; failure: string }): void;
  /** A run found all GOLDPATCH_MAX_ACTIVE_RUNS slots taken for the first time; it waits. */
  activeRunsExhausted(fields: { runId: string; vmId: string; limit: number }): void;
  runClaimed(fields: { runId: string; vmId: string; epoch: number }): void;
  leaseTakenOver(fields: { runId: string; vmId: string; fromRunId: string }): void;
  /** Azure's rate limits leave room for its request only later. */
  operationWaits(fields: { runId: string; vmId: string; operation: string; until: string }): void;
  operationStarted(fields: { runId: string; vmId: string; operation: string; activityId: string | undefined }): void;
  operationRefused(fields: { runId: string; vmId: string; operation: string; status: number; code: string }): void;
  operationUnanswered(fields: { runId: string; vmId: string; operation: string; reason: string }): void;
  operationAdopted(fields: { runId: string; vmId: string; operation: string; activityId: string }): void;
  /** Azure answered 429; whoever asked comes again later. */
  azureThrottled(fields: { call: string }): void;
  azureUnavailable(fields: { runId: string; vmId: string; reason: string }): void;
  runEnded(fields: { runId: string; vmId: string; outcome: string; code: string }): void;
  /** A hook of a policy said no, or nothing in time; `of` is a run or a sweep. */
  hookRefused(fields: { of: string; moment: string; reason: string }): void;
  /** A run started its VM and could not deallocate it again. */
  vmLeftRunning(fields: { runId: string; vmId: string; reason: string }): void;
  activityFailed(fields: { runId: string; vmId: string; failure: string }): void;
  /** An orchestration was started with an input that is not its own: it fails once, and stays failed. */
  orchestrationRefused(fields: { orchestration: string; instanceId: string; reason: string }): void;
  runSettled(fields: { runId: string; vmId: string; code: string; reason: string }): void;
  /** Asked for and never started; whoever asked was told so, or asks again. */
  runNeverBegan(fields: { runId: string; vmId: string }): void;
  /** A tick of the watchdog is over; an alert rests on its silence. */
  watchdogTicked(fields: { seconds: number }): void;
  watchdogFailed(fields: { at: string; failure: string }): void;
  runsForgotten(fields: { endedIn: string; runs: number }): void;
  historyPurged(fields: { createdIn: string; instances: number }): void;
  /** A schedule of Azure's was created, deleted, or got or lost machines. */
  scheduleChanged(fields: { scheduleId: string; change: string }): void;
  /** A VM's model was changed so that schedules patch it. */
  prerequisitesApplied(fields: { vmId: string }): void;
  /** A schedule's run was cancelled before it began: a gate was closed. */
  maintenanceCancelled(fields: { runId: string; reason: string }): void;
  /** A gate is closed, and the run begins nevertheless. */
  maintenanceNotCancelled(fields: { runId: string; reason: string; why: string }): void;
  scheduledRunsUnread(fields: { reason: string }): void;
  /** A schedule's installation on one VM is over. */
  scheduledInstallEnded(fields: { runId: string; vmId: string; outcome: string; code: string }): void;
  sweepGivenUp(fields: { sweepId: string; reason: string }): void;
  sweepPlanned(fields: { sweepId: string; vms: number }): void;
  /** The control loop of a policy sweep was lost, and goes on. */
  sweepRevived(fields: { sweepId: string; tick: number }): void;
  sweepTicked(fields: { sweepId: string; tick: number; released: number; ended: number; status: string }): void;
  /** A policy's schedule started a sweep. */
  policyStarted(fields: { policy: string; occurrence: string; sweepId: string }): void;
  /** An occurrence of a policy's schedule starts no sweep. */
  policyNotStarted(fields: { policy: string; occurrence: string; reason: string; detail: string }): void;
  /** Paused or stopped: the start waits as long as it may be late. */
  policyStartWaits(fields: { policy: string; occurrence: string }): void;
  policyStartFailed(fields: { policy: string; failure: string }): void;
  policyChanged(fields: { policy: string; policyHash: string; change: "created" | "changed" | "deleted" }): void;
  sweepPage(fields: { sweepId: string; started: number }): void;
  /** The control loop hears of what an operator said at its next tick instead of at once. */
  nudgeLost(fields: { sweepId: string; failure: string }): void;
}

const clean = (value: unknown): unknown => (typeof value === "string" ? redacted(value) : value);

export function createLogs(sink: LogSink): Logs {
  const line =
    (level: Level, event: string) =>
    (fields: object): void =>
      // Whatever a failure's text quotes, the line is the last place to keep it in.
      sink(JSON.stringify({ level, event, ...fields }, (_name, value: unknown) => clean(value)));
  return {
    accessRefused: line("warn", "accessRefused"),
    requestFailed: line("warn", "requestFailed"),
    eventIgnored: line("info", "eventIgnored"),
    eventRefused: line("warn", "eventRefused"),
    runRequested: line("info", "runRequested"),
    startFailed: line("warn", "startFailed"),
    activeRunsExhausted: line("warn", "activeRunsExhausted"),
    runClaimed: line("info", "runClaimed"),
    leaseTakenOver: line("warn", "leaseTakenOver"),
    operationWaits: line("info", "operationWaits"),
    operationStarted: line("info", "operationStarted"),
    operationRefused: line("warn", "operationRefused"),
    operationUnanswered: line("warn", "operationUnanswered"),
    operationAdopted: line("warn", "operationAdopted"),
    azureThrottled: line("warn", "azureThrottled"),
    azureUnavailable: line("warn", "azureUnavailable"),
    runEnded: line("info", "runEnded"),
    hookRefused: line("warn", "hookRefused"),
    vmLeftRunning: line("warn", "vmLeftRunning"),
    activityFailed: line("warn", "activityFailed"),
    orchestrationRefused: line("warn", "orchestrationRefused"),
    runSettled: line("warn", "runSettled"),
    runNeverBegan: line("warn", "runNeverBegan"),
    watchdogTicked: line("info", "watchdogTicked"),
    watchdogFailed: line("warn", "watchdogFailed"),
    runsForgotten: line("info", "runsForgotten"),
    historyPurged: line("info", "historyPurged"),
    scheduleChanged: line("info", "scheduleChanged"),
    prerequisitesApplied: line("info", "prerequisitesApplied"),
    maintenanceCancelled: line("warn", "maintenanceCancelled"),
    maintenanceNotCancelled: line("warn", "maintenanceNotCancelled"),
    scheduledRunsUnread: line("warn", "scheduledRunsUnread"),
    scheduledInstallEnded: line("info", "scheduledInstallEnded"),
    sweepGivenUp: line("warn", "sweepGivenUp"),
    sweepPlanned: line("info", "sweepPlanned"),
    sweepRevived: line("warn", "sweepRevived"),
    sweepTicked: line("info", "sweepTicked"),
    policyStarted: line("info", "policyStarted"),
    policyNotStarted: line("warn", "policyNotStarted"),
    policyStartWaits: line("info", "policyStartWaits"),
    policyStartFailed: line("warn", "policyStartFailed"),
    policyChanged: line("info", "policyChanged"),
    sweepPage: line("info", "sweepPage"),
    nudgeLost: line("info", "nudgeLost"),
  };
}
