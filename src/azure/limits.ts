import type { Limit } from "../domain/rate/bucket";

/** Limits of Azure's that the app respects, each with its source. */

/** Assess and install together, of one VM (Compute: throttling limits, VM Guest Patch Operations, per resource). */
export const PATCH_OPERATIONS_OF_VM: Limit = { capacity: 6, refill: 2, everyMs: 60_000 };

/**
 * The same of all VMs of one subscription and region (the same page, per subscription). Microsoft.HybridCompute publishes
 * no limits and tells none in its answers, so Arc-enabled servers are held to the same two (assumed), in a bucket of
 * their own.
 */
export const PATCH_OPERATIONS_OF_REGION: Limit = { capacity: 600, refill: 200, everyMs: 60_000 };

/**
 * Starting VMs of one subscription and region, among other updates (Compute: throttling limits, Update VM), and
 * deallocating them (the same page, Put and Delete). One VM may be started, or deallocated, 4 times a minute; a run asks
 * at most twice.
 */
export const VM_STARTS_OF_REGION: Limit = { capacity: 1500, refill: 500, everyMs: 60_000 };
export const VM_DEALLOCATIONS_OF_REGION: Limit = { capacity: 1500, refill: 500, everyMs: 60_000 };

/** How `x-ms-ratelimit-remaining-resource` names the two (answers recorded by Azure CLI's tests, 2024-11). */
export const PATCH_OPERATION_POLICIES = {
  vm: "Microsoft.Compute/VMGuestPatchOperationResource",
  region: "Microsoft.Compute/VMGuestPatchOperationSubscriptionMaximum",
} as const;

/**
 * Resource Manager's own, for each subscription and principal in the region that the caller's requests arrive in,
 * wherever the VMs are (Resource Manager: request limits and throttling). A POST counts as a write (same recordings).
 */
export const ARM_WRITES: Limit = { capacity: 200, refill: 10, everyMs: 1000 };
export const ARM_READS: Limit = { capacity: 250, refill: 25, everyMs: 1000 };

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
export const GRAPH_TICK_MS = 10_000;

/** An installation's patch list may be 128 KB (Linux patch extension); this many of the patches that matter are kept. */
export const PATCHES_KEPT = 20;
