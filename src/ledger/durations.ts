import type { OperationKind } from "../domain/operation/operation";
import type { Store } from "../store/store";
import { imageKey } from "./keys";

interface Durations {
  /** Milliseconds by Azure's clock, the newest last. */
  readonly ms: readonly number[];
}

/** What a run's VM is like, for what its operations have in common with others'. */
export interface Kind {
  readonly operation: OperationKind;
  readonly imageId: string | null;
  readonly osType: string | null;
}

const PARTITION = "durations";
/** The newest are kept: images change, and so does Azure. */
const KEPT = 64;
/** One more or less changes nothing, so a crowd of writers is left alone. */
const ATTEMPTS = 3;

/** How long operations took, for each image version and for each operating system. */
export class DurationLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Keeps one more. @param ms by Azure's own clock: what we saw would be longer each time */
  async note(kind: Kind, ms: number): Promise<void> {
    for (const key of keysOf(kind)) await this.#append(key, ms);
  }

  /** Of the image version if enough are known of it, else of the operating system. @param enough a number of durations */
  async of(kind: Kind, enough: number): Promise<readonly number[]> {
    for (const key of keysOf(kind)) {
      const ms = (await this.#store.get<Durations>(PARTITION, key))?.value.ms ?? [];
      if (ms.length >= enough) return ms;
    }
    return [];
  }

  async #append(key: string, ms: number): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const row = await this.#store.get<Durations>(PARTITION, key);
      const value: Durations = { ms: [...(row?.value.ms ?? []), ms].slice(-KEPT) };
      const kept = row
        ? await this.#store.replaceIfMatch(row, value)
        : await this.#store.insertIfAbsent(PARTITION, key, value);
      if (kept) return;
    }
  }
}

const keysOf = ({ operation, imageId, osType }: Kind): string[] => [
  ...(imageId === null ? [] : [`${operation}:${imageKey(imageId)}`]),
  ...(osType === null ? [] : [`${operation}:os:${osType}`]),
];
