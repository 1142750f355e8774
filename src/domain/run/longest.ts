import { LONGEST_DURATION_MS } from "../install/options";
import { MOST_STARTS, POST_WITHIN_MS, timingOf } from "../operation/operation";

const MINUTE_MS = 60_000;

/** Azure's own troubles usually pass within minutes; a fleet's worth of throttling within an hour or two. */
export const AZURE_PATIENCE_MINUTES = 120;

/** For polls that come after a deadline rather than at it, and for activities that are asked again after a failure. */
const SLACK_MS = 60 * MINUTE_MS;

/** The deadlines of a run's parts, as far as they are settings. */
export interface Deadlines {
  readonly readyMinutes: number;
  readonly supportMinutes: number;
  readonly assessments: number;
  readonly reassessMinutes: number;
  readonly settleSeconds: number;
  readonly graceMinutes: number;
  readonly busyMinutes: number;
}

/**
 * How long a run may take from its claim to its outcome, in milliseconds, when every part ends just before its own
 * deadline: ready, then for each assessment start, operation, support state and pause, then the installation's start,
 * operation and grace time. A start is put off as long as patience lasts, and each lost answer costs the time in
 * which it may still show.
 */
export function longestRunMs(deadlines: Deadlines): number {
  const { readyMinutes, supportMinutes, assessments, reassessMinutes, settleSeconds, graceMinutes, busyMinutes } =
    deadlines;
  const patience = Math.max(AZURE_PATIENCE_MINUTES, busyMinutes, readyMinutes) * MINUTE_MS;
  const start = patience + MOST_STARTS * (POST_WITHIN_MS + settleSeconds * 1000);
  const assess = start + timingOf("assess", 0).overdueAfterMs + supportMinutes * MINUTE_MS;
  const install = start + timingOf("install", LONGEST_DURATION_MS).overdueAfterMs + graceMinutes * MINUTE_MS;
  const pauses = (assessments - 1) * reassessMinutes * MINUTE_MS;
  return readyMinutes * MINUTE_MS + assessments * assess + pauses + install + SLACK_MS;
}
