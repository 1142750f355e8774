import { outcomeOf, type OutcomeCode } from "../outcome/table";
import { isHarm } from "./harm";

/**
 * Whether a run leaves a VM behind that is known to be well with the patches that its policy asks for: only such VMs let
 * the ramp of exposure climb. A VM that was skipped, busy, not ready or unsupported proves nothing about a patch.
 *
 * - Patched, with warnings or without: the VM was seen running with a ready agent after its installation. Whether it also
 *   had to boot is the policy's `rebootSetting`.
 * - Up to date: it runs with all that the policy would install, and its agent has just answered an assessment. It is no
 *   exposure either, so a fleet that has nothing to install is not looked at one VM at a time.
 *
 * @param installPosts install requests that Azure accepted or may have accepted
 */
export const isVerified = (code: OutcomeCode, installPosts: number): boolean =>
  ["patched", "patchedWithWarnings", "upToDate"].includes(outcomeOf(code).outcome) && !isHarm(code, installPosts);
