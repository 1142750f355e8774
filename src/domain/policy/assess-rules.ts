import { policyDurationMs } from "./duration";
import type { Policy } from "./policy";

/** How patiently a run asks for a support state. */
export interface AssessRules {
  /** Assessments before an unclear answer ends the run. */
  readonly attempts: number;
  readonly pauseMs: number;
  readonly deadlineMs: number;
}

/** What a policy says, and the app's settings where it says nothing. */
export const assessRules = ({ attempts, pause, deadline }: Policy["assess"], settings: AssessRules): AssessRules => ({
  attempts: attempts ?? settings.attempts,
  pauseMs: policyDurationMs(pause ?? "") ?? settings.pauseMs,
  deadlineMs: policyDurationMs(deadline ?? "") ?? settings.deadlineMs,
});
