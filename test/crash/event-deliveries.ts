import type { VirtualClock } from "../../src/local/clock/virtual-clock";
import type { EventDelivery } from "../../src/local/simulated-azure";
import type { HostClient } from "./host-client";
import type { EventAttempt, Journal } from "./journal";

/** The webhook as Event Grid sees it: attempts from before the crash end as they did then, later ones reach the host. */
export class EventDeliveries {
  readonly #clock: VirtualClock;
  readonly #journal: Journal;
  readonly #past: ReadonlyMap<number, EventAttempt>;
  readonly #refused: (() => void)[] = [];
  readonly #total: number;
  #attempts = 0;
  #taken = 0;
  #died = false;
  #client: HostClient | undefined;
  readonly #allTaken: PromiseWithResolvers<void> = Promise.withResolvers();

  /** @param total events, copies included, that will have been taken in the end */
  constructor(clock: VirtualClock, journal: Journal, total: number) {
    this.#clock = clock;
    this.#journal = journal;
    this.#total = total;
    const attempts = journal.entries.filter((entry) => entry.kind === "event");
    this.#past = new Map(attempts.map((attempt) => [attempt.ordinal, attempt]));
    if (total === 0) this.#allTaken.resolve();
  }

  get allTaken(): Promise<void> {
    return this.#allTaken.promise;
  }

  async deliver(event: EventDelivery): Promise<void> {
    const ordinal = this.#attempts++;
    const known = this.#past.get(ordinal);
    const taken = known ? await this.#asThen(known) : await this.#now(event, ordinal);
    if (!taken) throw new Error("the webhook refused the event");
    if (++this.#taken === this.#total) this.#allTaken.resolve();
  }

  /** The host died with whatever it was about to answer. */
  hostDied(): void {
    this.#died = true;
    for (const refuse of this.#refused) refuse();
  }

  hostRuns(client: HostClient): void {
    this.#client = client;
  }

  async #asThen({ t, taken }: EventAttempt): Promise<boolean> {
    if (!taken) await new Promise<void>((resolve) => this.#clock.at(t, resolve));
    return taken;
  }

  async #now({ body }: EventDelivery, ordinal: number): Promise<boolean> {
    const client = this.#client;
    // Before the crash, and not answered by then.
    if (!client && !this.#died) await new Promise<void>((resolve) => this.#refused.push(resolve));
    const taken = client !== undefined && (await client.event(body)).status < 300;
    const label = `event ${ordinal} ${taken ? "taken" : "refused"}`;
    this.#journal.add({ kind: "event", t: this.#clock.now(), label, ordinal, taken });
    return taken;
  }
}
