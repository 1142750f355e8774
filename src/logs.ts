/** What every log line goes through: one JSON object a line, each with a named event. Never an operation's address, a key or a token. */
export type LogSink = (line: string) => void;

type Level = "info" | "warn";

export interface Logs {
  accessRefused(fields: { route: string; role: string; status: number }): void;
  eventIgnored(fields: { reason: string; subject: string }): void;
  runRequested(fields: { runId: string; vmId: string; trigger: string; mode: string }): void;
  startFailed(fields: { runId: string; vmId: string; failure: string }): void;
  runClaimed(fields: { runId: string; vmId: string; epoch: number }): void;
  leaseTakenOver(fields: { runId: string; vmId: string; fromRunId: string }): void;
  /** Azure's rate limits leave room for its request only later. */
  operationWaits(fields: { runId: string; vmId: string; operation: string; until: string }): void;
  operationStarted(fields: { runId: string; vmId: string; operation: string; activityId: string | undefined }): void;
  operationRefused(fields: { runId: string; vmId: string; operation: string; status: number; code: string }): void;
  operationUnanswered(fields: { runId: string; vmId: string; operation: string; reason: string }): void;
  operationAdopted(fields: { runId: string; vmId: string; operation: string; activityId: string }): void;
  azureUnavailable(fields: { runId: string; vmId: string; reason: string }): void;
  runEnded(fields: { runId: string; vmId: string; outcome: string; code: string }): void;
  activityFailed(fields: { runId: string; vmId: string; failure: string }): void;
  /** An orchestration was started with an input that is not its own: it fails once, and stays failed. */
  orchestrationRefused(fields: { orchestration: string; instanceId: string; reason: string }): void;
  runSettled(fields: { runId: string; vmId: string; code: string; reason: string }): void;
  /** Asked for and never started; whoever asked was told so, or asks again. */
  runNeverBegan(fields: { runId: string; vmId: string }): void;
  watchdogFailed(fields: { at: string; failure: string }): void;
  runsForgotten(fields: { endedIn: string; runs: number }): void;
  historyPurged(fields: { createdIn: string; instances: number }): void;
  sweepGivenUp(fields: { sweepId: string; reason: string }): void;
  sweepPage(fields: { sweepId: string; started: number }): void;
}

export function createLogs(sink: LogSink): Logs {
  const line =
    (level: Level, event: string) =>
    (fields: object): void =>
      sink(JSON.stringify({ level, event, ...fields }));
  return {
    accessRefused: line("warn", "accessRefused"),
    eventIgnored: line("info", "eventIgnored"),
    runRequested: line("info", "runRequested"),
    startFailed: line("warn", "startFailed"),
    runClaimed: line("info", "runClaimed"),
    leaseTakenOver: line("warn", "leaseTakenOver"),
    operationWaits: line("info", "operationWaits"),
    operationStarted: line("info", "operationStarted"),
    operationRefused: line("warn", "operationRefused"),
    operationUnanswered: line("warn", "operationUnanswered"),
    operationAdopted: line("warn", "operationAdopted"),
    azureUnavailable: line("warn", "azureUnavailable"),
    runEnded: line("info", "runEnded"),
    activityFailed: line("warn", "activityFailed"),
    orchestrationRefused: line("warn", "orchestrationRefused"),
    runSettled: line("warn", "runSettled"),
    runNeverBegan: line("warn", "runNeverBegan"),
    watchdogFailed: line("warn", "watchdogFailed"),
    runsForgotten: line("info", "runsForgotten"),
    historyPurged: line("info", "historyPurged"),
    sweepGivenUp: line("warn", "sweepGivenUp"),
    sweepPage: line("info", "sweepPage"),
  };
}
