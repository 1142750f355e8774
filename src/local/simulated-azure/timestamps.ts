const TICKS_PER_MS = 10_000n;
/** .NET ticks at the Unix epoch. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Azure's own clock: the simulation's instants as Azure writes them down. */
export class AzureCalendar {
  readonly #skewMs: number;

  constructor(skewSeconds: number) {
    this.#skewMs = skewSeconds * SECOND_MS;
  }

  /** `2024-11-23T01:32:33.6510000+00:00`, the form of operations. */
  offset(instant: number): string {
    return `${this.#iso(instant).slice(0, -1)}0000+00:00`;
  }

  /** `2024-11-23T01:32:34+00:00`, the form of results: whole seconds, rounded up as in the recordings. */
  wholeSecond(instant: number): string {
    return `${this.#iso(Math.ceil(instant / SECOND_MS) * SECOND_MS).slice(0, 19)}+00:00`;
  }

  /** `2024-11-23T01:32:33.6510000Z`, the form of Resource Graph and events. */
  zulu(instant: number): string {
    return `${this.#iso(instant).slice(0, -1)}0000Z`;
  }

  /** The `Date` header. */
  http(instant: number): string {
    return new Date(instant + this.#skewMs).toUTCString();
  }

  /** The `t` of a signed operation address. */
  ticks(instant: number): string {
    return String(BigInt(Math.round(instant + this.#skewMs)) * TICKS_PER_MS + EPOCH_TICKS);
  }

  #iso(instant: number): string {
    return new Date(instant + this.#skewMs).toISOString();
  }
}
