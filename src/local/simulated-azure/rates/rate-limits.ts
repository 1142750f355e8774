import { ArmError } from "../arm-message";
import type { Chance } from "../chance";
import { SECOND_MS, type AzureCalendar } from "../timestamps";
import {
  ARM_GLOBAL_FACTOR,
  ARM_LIMITS,
  COMPUTE_LIMITS,
  GRAPH_QUERIES,
  GRAPH_WINDOW_MS,
  type BucketLimit,
  type ComputePolicy,
} from "./limits";
import { TokenBucket } from "./token-bucket";

export interface Charged {
  readonly subscriptionId: string;
  readonly location: string;
  /** Id of the VM in lower case. */
  readonly vmId: string;
}

type Headers = Record<string, string>;

/** All buckets of the simulated cloud. A charge returns the headers that tell what remains, or is refused with 429. */
export class RateLimits {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #chance: Chance;
  readonly #calendar: AzureCalendar;
  #graphWindow = { endsAt: Number.NEGATIVE_INFINITY, used: 0 };

  constructor(chance: Chance, calendar: AzureCalendar) {
    this.#chance = chance;
    this.#calendar = calendar;
  }

  arm(method: string, subscriptionId: string, location: string, now: number): Headers {
    const kind = method === "GET" ? "reads" : "writes";
    const scope = `${subscriptionId}/${location}`.toLowerCase();
    const limit: BucketLimit = ARM_LIMITS[kind];
    const own = this.#bucket(limit, scope, now);
    const global = this.#bucket(
      {
        ...limit,
        policy: `global-${kind}`,
        capacity: limit.capacity * ARM_GLOBAL_FACTOR,
        refill: limit.refill * ARM_GLOBAL_FACTOR,
      },
      scope,
      now,
    );
    const spent = [own, global].find((bucket) => bucket.remaining(now) < 1);
    if (spent) {
      const operation = kind === "reads" ? "read" : "write";
      throw new ArmError(
        429,
        "SubscriptionRequestsThrottled",
        `Number of '${operation}' requests for subscription '${subscriptionId}' exceeded the limit. Please try again after '1' seconds.`,
        {},
        { "retry-after": secondsUntil(spent.nextRefill(now), now) },
      );
    }
    own.take(now);
    global.take(now);
    return {
      [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(own.remaining(now)),
      [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(global.remaining(now)),
    };
  }

  compute(policy: ComputePolicy, charged: Charged, now: number): Headers {
    const { subscription, resource } = COMPUTE_LIMITS[policy];
    const region = `${charged.subscriptionId}/${charged.location}`.toLowerCase();
    const buckets = [this.#bucket(subscription, region, now), this.#bucket(resource, charged.vmId, now)];
    const spent = buckets.find((bucket) => bucket.remaining(now) < 1);
    if (spent) throw this.#tooMany(spent, buckets, now);
    for (const bucket of buckets) bucket.take(now);
    return remainingHeader(buckets, now);
  }

  /** One Resource Graph query of the caller. */
  graphQuery(now: number): Headers {
    if (now >= this.#graphWindow.endsAt) this.#graphWindow = { endsAt: now + GRAPH_WINDOW_MS, used: 0 };
    const after = secondsUntil(this.#graphWindow.endsAt, now);
    const headers = (remaining: number): Headers => ({
      "x-ms-user-quota-remaining": String(remaining),
      "x-ms-user-quota-resets-after": `00:00:${after.padStart(2, "0")}`,
    });
    if (this.#graphWindow.used >= GRAPH_QUERIES) {
      throw new ArmError(
        429,
        "RateLimiting",
        "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.",
        {},
        { ...headers(0), "retry-after": after },
      );
    }
    this.#graphWindow.used += 1;
    return headers(GRAPH_QUERIES - this.#graphWindow.used);
  }

  #bucket(limit: BucketLimit, scope: string, now: number): TokenBucket {
    const key = `${limit.policy}|${scope}`;
    const known = this.#buckets.get(key);
    if (known) return known;
    const phase = Math.floor(this.#chance.fraction("refill", key) * limit.everyMs);
    const bucket = new TokenBucket(limit, now, phase);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** Shape of the 429: [DOC] troubleshooting-throttling-errors, azure-addenda A8. */
  #tooMany(spent: TokenBucket, buckets: readonly TokenBucket[], now: number): ArmError {
    const policy = spent.limit.policy.replace("Microsoft.Compute/", "");
    const measured = {
      operationGroup: policy,
      startTime: this.#calendar.offset(spent.nextRefill(now) - spent.limit.everyMs),
      endTime: this.#calendar.offset(spent.nextRefill(now)),
      allowedRequestCount: spent.limit.capacity,
      measuredRequestCount: spent.limit.capacity + 1,
    };
    return new ArmError(
      429,
      "OperationNotAllowed",
      "The server rejected the request because too many requests have been received for this subscription.",
      {
        details: [
          {
            code: "TooManyRequests",
            target: policy,
            message: JSON.stringify(measured),
            innererror: { internalErrorCode: "TooManyRequestsReceived" },
          },
        ],
      },
      { ...remainingHeader(buckets, now), "retry-after": secondsUntil(spent.nextRefill(now), now) },
    );
  }
}

const secondsUntil = (instant: number, now: number): string =>
  String(Math.max(1, Math.ceil((instant - now) / SECOND_MS)));

const remainingHeader = (buckets: readonly TokenBucket[], now: number): Headers => ({
  "x-ms-ratelimit-remaining-resource": buckets
    .map((bucket) => `${bucket.limit.policy};${bucket.remaining(now)}`)
    .join(","),
});
