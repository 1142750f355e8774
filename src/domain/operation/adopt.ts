import type { PatchSummary } from "../machine/view";
import { sameText } from "../text";

/** What was seen just before an intent was written. */
export interface Baseline {
  /** `Date` header of that read: Azure's clock. */
  readonly azureTime: number;
  readonly activityId?: string;
}

/**
 * Whether an operation in the instance view must be the one whose answer was lost: it was not there before the
 * intent, and it started at or after the baseline was read, both by Azure's clock. Running or finished makes no
 * difference; what Azure says the platform or a schedule began is not ours. The summary's times have whole seconds, and
 * so has the `Date` header.
 */
export function isOurs(
  summary: PatchSummary | undefined,
  baseline: Baseline,
): summary is PatchSummary & { activityId: string } {
  if (!summary?.activityId || summary.startedAt === undefined || summary.startedBySystem) return false;
  if (sameText(baseline.activityId, summary.activityId)) return false;
  return summary.startedAt >= Math.floor(baseline.azureTime / 1000) * 1000;
}
