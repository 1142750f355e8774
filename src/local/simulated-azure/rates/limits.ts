import { MINUTE_MS, SECOND_MS } from "../timestamps";

/** A token bucket of Azure's: starts full, and `refill` tokens come at once every `everyMs`. */
export interface BucketLimit {
  readonly policy: string;
  readonly capacity: number;
  readonly refill: number;
  readonly everyMs: number;
}

export interface BucketPair {
  /** What a transcript line names. */
  readonly name: string;
  readonly resource: BucketLimit;
  readonly subscription: BucketLimit;
}

const minutely = (policy: string, refill: number, capacity: number): BucketLimit => ({
  policy: `Microsoft.Compute/${policy}`,
  capacity,
  refill,
  everyMs: MINUTE_MS,
});

/** Limits of Microsoft.Compute: [DOC] compute-throttling-limits; policy names [REC] R1, those of low-cost reads [MEM]. */
export const COMPUTE_LIMITS = {
  guestPatch: {
    name: "Microsoft.Compute/VMGuestPatchOperation",
    resource: minutely("VMGuestPatchOperationResource", 2, 6),
    subscription: minutely("VMGuestPatchOperationSubscriptionMaximum", 200, 600),
  },
  getOperation: {
    name: "Microsoft.Compute/GetOperation",
    resource: minutely("GetOperationResource", 15, 45),
    subscription: minutely("GetOperationSubscriptionMaximum", 5000, 15_000),
  },
  lowCostGet: {
    name: "Microsoft.Compute/LowCostGet",
    resource: minutely("LowCostGetResource", 12, 36),
    subscription: minutely("LowCostGetSubscriptionMaximum", 8000, 24_000),
  },
  /** Starting among others; names [MEM]. */
  updateVm: {
    name: "Microsoft.Compute/UpdateVM",
    resource: minutely("UpdateVMResource", 4, 12),
    subscription: minutely("UpdateVMSubscriptionMaximum", 500, 1500),
  },
  /** Deallocating among others; names [MEM]. */
  deleteVm: {
    name: "Microsoft.Compute/DeleteVM",
    resource: minutely("DeleteVMResource", 4, 12),
    subscription: minutely("DeleteVMSubscriptionMaximum", 500, 1500),
  },
} as const satisfies Record<string, BucketPair>;

export type ComputePolicy = keyof typeof COMPUTE_LIMITS;

/** ARM's own limits for a subscription, region and principal: [DOC] request-limits-and-throttling. */
export const ARM_LIMITS = {
  reads: { policy: "reads", capacity: 250, refill: 25, everyMs: SECOND_MS },
  writes: { policy: "writes", capacity: 200, refill: 10, everyMs: SECOND_MS },
} as const satisfies Record<string, BucketLimit>;

/** The limit of the whole subscription is 15 times that of one principal: [REC] R1. */
export const ARM_GLOBAL_FACTOR = 15;

/** Queries of one user: [DOC] guidance-for-throttled-requests. */
export const GRAPH_QUERIES = 15;
export const GRAPH_WINDOW_MS = 5 * SECOND_MS;
