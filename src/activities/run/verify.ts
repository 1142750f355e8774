import { probeAddress } from "../../domain/hook/places";
import { probeTrouble } from "../../domain/hook/verdict";
import { isBackAfterReboot, isWell } from "../../domain/machine/readiness";
import type { MachineView } from "../../domain/machine/view";
import type { OutcomeCode } from "../../domain/outcome/table";
import { policyDurationMs } from "../../domain/policy/duration";
import type { Policy } from "../../domain/policy/policy";
import { sameText } from "../../domain/text";
import type { EndedOperation } from "../../ledger/intent";
import { MINUTE_MS, subjectOf, type RunDeps, type RunRef } from "./deps";

/** What a second source says of a VM after its installation. */
export type Verification =
  | { readonly kind: "verified" }
  /** What the run ends with if it stays so. */
  | { readonly kind: "notYet"; readonly code: OutcomeCode; readonly detail: string };

/** How long after its installation a VM may take to be verified: as its policy says, else GOLDPATCH_GRACE_MINUTES. */
export const verifyWithinMs = ({ settings }: RunDeps, policy: Policy | undefined): number =>
  (policy && policyDurationMs(policy.verify.within)) ?? settings.GOLDPATCH_GRACE_MINUTES * MINUTE_MS;

/** Running, agent ready, back after its reboot, and the policy's probe: the last two for runs of a policy only. */
export async function verify(
  deps: RunDeps,
  run: RunRef,
  policy: Policy | undefined,
  ended: EndedOperation,
  view: MachineView | undefined,
): Promise<Verification> {
  if (!view || !isWell(view)) return notYet("NotWellAfterInstall", "");
  if (!policy) return { kind: "verified" };
  const rebooted = sameText(ended.result?.rebootStatus, "Completed");
  if (rebooted && !isBackAfterReboot(view, deps.clock.now() - ended.at)) {
    return notYet("NotWellAfterInstall", "the agent has not reported since the installation's reboot");
  }
  const trouble = await probe(deps, run, policy);
  return trouble === undefined ? { kind: "verified" } : notYet("ProbeFailed", `probe: ${trouble}`);
}

async function probe(deps: RunDeps, run: RunRef, { verify: { probe: wanted } }: Policy): Promise<string | undefined> {
  if (!wanted) return undefined;
  const url = probeAddress(wanted.url, subjectOf(deps, run).vmId);
  return probeTrouble(await deps.outside.probe(url, policyDurationMs(wanted.timeout) ?? 0));
}

const notYet = (code: OutcomeCode, detail: string): Verification => ({ kind: "notYet", code, detail });
