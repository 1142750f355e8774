import { outcomeOf, type OutcomeCode } from "../outcome/table";

/** Outcomes other than `failed` after which a VM may be worse off than before. */
const HARM: readonly OutcomeCode[] = [
  "NotWellAfterInstall",
  "RebootFailed",
  "AzureReportedFailure",
  "SomePatchesFailed",
  "IntentUnresolved",
];

/**
 * Whether a run counts as failed for its sweep: it uses up failure budget and exposure. A run that sent no installation
 * has changed nothing on its VM, however it ended.
 *
 * @param installPosts install requests that Azure accepted or may have accepted
 */
export const isHarm = (code: OutcomeCode, installPosts: number): boolean =>
  HARM.includes(code) || (outcomeOf(code).outcome === "failed" && installPosts > 0);
