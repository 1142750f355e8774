import { parseDuration } from "../install/duration";
import type { Policy } from "../policy/policy";
import { windowGateAt, type WindowGate } from "../window/gate";

/** Between a VM's release and its installation lies an assessment whose answer shows late (assumed: half an hour at most). */
export const LEAD_MS = 30 * 60_000;

/** How long an installation of the policy may take, in milliseconds. */
export const installMs = ({ install }: Policy): number => parseDuration(install.maximumDuration) ?? 0;

/** Whether a VM may be released now. Room for its assessment is kept where any window of the policy has as much. */
export function releaseGateAt(policy: Policy, now: number): WindowGate {
  if (policy.mode === "assess") return windowGateAt(policy, now, 0);
  const roomy = windowGateAt(policy, now, installMs(policy) + LEAD_MS);
  return roomy.kind === "closed" && roomy.opensAt === undefined ? windowGateAt(policy, now, installMs(policy)) : roomy;
}
