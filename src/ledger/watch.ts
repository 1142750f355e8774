import { update, type Store } from "../store/store";

interface Ticks {
  /** Instants are our clock, milliseconds since the epoch. */
  readonly lastAt: number;
  readonly since: number;
}

/** Where a round through all open runs was left. */
export interface Round {
  /** The next share. */
  readonly shard: number;
  /** When the oldest run that the round met so far was asked for. */
  readonly oldestSince: number;
}

const PARTITION = "watchdog";
/** The watchdog comes at least every quarter of an hour (config); a longer pause means that the app was off. */
const LONGEST_PAUSE_MS = 30 * 60_000;

/** What the watchdog must remember between its ticks. Several at a time do no harm: each row only goes forward. */
export class Watch {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Notes a tick. Answers since when there was one at least every half hour. */
  async tick(now: number): Promise<number> {
    const first: Ticks = { lastAt: now, since: now };
    if (await this.#store.insertIfAbsent(PARTITION, "ticks", first)) return now;
    const ticks = await update<Ticks>(this.#store, PARTITION, "ticks", ({ lastAt, since }) => ({
      lastAt: Math.max(now, lastAt),
      since: now - lastAt > LONGEST_PAUSE_MS ? now : since,
    }));
    return ticks?.since ?? now;
  }

  async round(): Promise<Round | undefined> {
    return (await this.#store.get<Round>(PARTITION, "round"))?.value;
  }

  async leaveRound(round: Round): Promise<void> {
    await this.#set("round", round, () => true);
  }

  /** The hour up to which, and not including it, the work of this name is done. */
  async hour(name: "retention" | "history", first: string): Promise<string> {
    await this.#store.insertIfAbsent(PARTITION, name, { hour: first });
    return (await this.#store.get<{ hour: string }>(PARTITION, name))?.value.hour ?? first;
  }

  advance(name: "retention" | "history", hour: string): Promise<void> {
    return this.#set(name, { hour }, (known) => known.hour < hour);
  }

  async #set<T extends object>(key: string, value: T, mayReplace: (known: T) => boolean): Promise<void> {
    if (await this.#store.insertIfAbsent(PARTITION, key, value)) return;
    await update<T>(this.#store, PARTITION, key, (known) => (mayReplace(known) ? value : undefined));
  }
}
