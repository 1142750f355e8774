/** Limits of Azure's that the adapters respect, each with its source. */

/** Rows of one Resource Graph page (Resource Graph: work with data). */
export const GRAPH_PAGE_ROWS = 1000;

/** Resource Graph wants fewer than 300 resources in one query (guidance for throttled requests). */
export const GRAPH_IDS_PER_QUERY = 200;

/**
 * Resource Graph allows about 15 queries in 5 s per identity (guidance for throttled requests). Durable timers fire up to
 * a second early, so the reads that were meant for one tick arrive within a second: they share one query.
 */
export const GRAPH_COALESCE_MS = 1000;

/** Polls of Resource Graph fall on multiples of this, so that runs share queries. */
export const GRAPH_TICK_MS = 30_000;

/** An installation's patch list may be 128 KB (Linux patch extension); this many of the patches that matter are kept. */
export const PATCHES_KEPT = 20;
