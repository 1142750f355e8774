import { outcomeOf, type OutcomeCode } from "../outcome/table";

/**
 * After these a VM may be worse off than before, or its owner said so, whether or not anything was installed.
 *
 * `RebootPending` is not among them: Azure called the installation a success, or its window ran out, and whether the VM
 * boots is up to the policy's `rebootSetting`. One that Azure called failed is `AzureReportedFailure`, whatever reboot it
 * awaits (install/result.ts).
 */
const HARM: readonly OutcomeCode[] = [
  "NotWellAfterInstall",
  "ProbeFailed",
  "AfterVmRefused",
  "RebootFailed",
  "AzureReportedFailure",
  "SomePatchesFailed",
  "IntentUnresolved",
];

/**
 * Whether a run counts as failed for its sweep: it uses up failure budget and exposure. A run that sent no installation
 * has changed nothing on its VM, however it ended, unless the hook after the VM says otherwise.
 *
 * @param installPosts install requests that Azure accepted or may have accepted
 */
export const isHarm = (code: OutcomeCode, installPosts: number): boolean =>
  HARM.includes(code) || (outcomeOf(code).outcome === "failed" && installPosts > 0);
