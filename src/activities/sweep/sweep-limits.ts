import type { Settings } from "../../config";
import type { SweepLimits } from "../../domain/sweep/acceptable";

/** What the app's settings let a policy ask for. */
export const sweepLimits = (settings: Settings): SweepLimits => ({
  scope: settings.GOLDPATCH_SCOPE,
  graceMinutes: settings.GOLDPATCH_GRACE_MINUTES,
});
