import type { HostClock } from "../../clock/host-clock";
import type { EventCauses } from "../fleet/event-schema";
import type { Machine } from "../machine/machine";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../timestamps";
import { eventDelivery, type EventDelivery } from "./event-bodies";

/** Delays between attempts: [DOC] event-grid/delivery-and-retry; afterwards every 12 hours. */
const RETRY_AFTER_MS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
];
const LATER_RETRY_MS = 12 * HOUR_MS;
const TIME_TO_LIVE_MS = DAY_MS;
const ATTEMPTS = 30;
/** Answers of a webhook after which an event is dropped. */
const FINAL_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 413]);

type Deliver = (event: EventDelivery) => Promise<void>;

/** Delivers the fleet's events at their times: at least once, in no order, again while the receiver refuses. */
export class EventGrid {
  readonly #clock: HostClock;
  readonly #deliver: Deliver;
  readonly #cancellations = new Set<() => void>();

  constructor(clock: HostClock, deliver: Deliver) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  schedule(machines: readonly Machine[]): void {
    for (const machine of machines) {
      for (const [index, causes] of eventsOf(machine).entries()) {
        const happenedAt = machine.life.appearsAt + causes.afterSeconds * SECOND_MS;
        const delivery = eventDelivery(machine, causes, index, happenedAt);
        for (let copy = 0; copy < causes.copies; copy++) {
          const at = happenedAt + (causes.delaySeconds + copy * causes.copyEverySeconds) * SECOND_MS;
          this.#at(at, () => this.#attempt(delivery, 1, at));
        }
      }
    }
  }

  /** Delivers an event now. */
  send(delivery: EventDelivery): void {
    this.#attempt(delivery, 1, this.#clock.now());
  }

  stop(): void {
    for (const cancel of this.#cancellations) cancel();
    this.#cancellations.clear();
  }

  #attempt(delivery: EventDelivery, attempt: number, firstAt: number): void {
    this.#deliver(delivery).catch((error: unknown) => {
      const now = this.#clock.now();
      const next = now + (RETRY_AFTER_MS[attempt - 1] ?? LATER_RETRY_MS);
      if (attempt >= ATTEMPTS || next > firstAt + TIME_TO_LIVE_MS || FINAL_STATUSES.has(statusOf(error))) return;
      this.#at(next, () => this.#attempt(delivery, attempt + 1, firstAt));
    });
  }

  #at(instant: number, fire: () => void): void {
    const cancel = this.#clock.at(instant, () => {
      this.#cancellations.delete(cancel);
      fire();
    });
    this.#cancellations.add(cancel);
  }
}

const statusOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "status" in error ? error.status : undefined;

/** A machine created during the simulation has one event at the end of its creation, unless its causes say otherwise. */
function eventsOf({ vm, life }: Machine): readonly EventCauses[] {
  if (vm.events) return vm.events;
  if (vm.createAfterSeconds === undefined) return [];
  return [
    {
      kind: "create",
      afterSeconds: (life.provisionedAt - life.appearsAt) / SECOND_MS,
      schema: "EventGridSchema",
      copies: 1,
      copyEverySeconds: 5,
      delaySeconds: 2,
      idCase: "asIs",
      evidence: "object",
    },
  ];
}
