import type { Played } from "../played";

/** How much later than its `endedAt` says a run may be seen to end: it is written, and its lease freed, by a store that may be slow. */
export const slackMs = ({ schedule }: Played): number => (schedule.slowness.probability > 0 ? 15 * 60_000 : 0);
