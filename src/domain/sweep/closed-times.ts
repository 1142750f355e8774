import type { Policy } from "../policy/policy";
import { windowGateAt } from "../window/gate";
import { installMs } from "./times";

/** Why a policy's windows and blackouts let an operation not start now, in words; undefined when they do. */
export function closedTimes(policy: Policy, operation: "assess" | "install", now: number): string | undefined {
  const gate = windowGateAt(policy, now, operation === "install" ? installMs(policy) : 0);
  if (gate.kind === "open") return undefined;
  const why = {
    window: "no window is open",
    blackout: "a blackout is in force",
    tooLittleLeft: `install.maximumDuration ${policy.install.maximumDuration} does not fit into what is left`,
  };
  return why[gate.by];
}
