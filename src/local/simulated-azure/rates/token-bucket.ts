import type { BucketLimit } from "./limits";

/** A bucket that gets its new tokens in lumps, as Microsoft.Compute's do (azure-addenda A13). */
export class TokenBucket {
  readonly limit: BucketLimit;
  readonly #phase: number;
  #tokens: number;
  #lump: number;

  /** @param phase - refills fall on instants that leave this remainder when divided by the interval */
  constructor(limit: BucketLimit, now: number, phase = 0) {
    this.limit = limit;
    this.#phase = phase;
    this.#tokens = limit.capacity;
    this.#lump = this.#lumpAt(now);
  }

  remaining(now: number): number {
    const lump = this.#lumpAt(now);
    if (lump > this.#lump) {
      this.#tokens = Math.min(this.limit.capacity, this.#tokens + (lump - this.#lump) * this.limit.refill);
      this.#lump = lump;
    }
    return this.#tokens;
  }

  /** Takes one token; the caller has seen that there is one. */
  take(now: number): void {
    this.#tokens = this.remaining(now) - 1;
  }

  nextRefill(now: number): number {
    return (this.#lumpAt(now) + 1) * this.limit.everyMs + this.#phase;
  }

  #lumpAt(now: number): number {
    return Math.floor((now - this.#phase) / this.limit.everyMs);
  }
}
