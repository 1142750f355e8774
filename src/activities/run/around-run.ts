import type { Policy } from "../../domain/policy/policy";
import { aroundOf, extraMs, type AroundStep } from "../../domain/sweep/around";
import type { RunDeps } from "./deps";

/** What a policy wants around a run, and how much longer than others its run may take for that, in milliseconds. */
export interface AroundRun {
  /** Absent: nothing. */
  readonly around?: AroundStep[];
  readonly extraMs?: number;
}

export function aroundRun({ settings }: Pick<RunDeps, "settings">, policy: Policy): AroundRun {
  const around = aroundOf(policy);
  const more = extraMs(policy, {
    readyMinutes: settings.GOLDPATCH_READY_DEADLINE_MINUTES,
    graceMinutes: settings.GOLDPATCH_GRACE_MINUTES,
  });
  return { ...(around.length > 0 && { around }), ...(more > 0 && { extraMs: more }) };
}
