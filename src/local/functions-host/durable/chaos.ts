/** One delivery of an activity, about to happen. */
export interface ActivityDelivery {
  readonly name: string;
  readonly instanceId: string;
  readonly taskId: number;
}

/**
 * How the delivery goes. Real hosts deliver at least once: a lost lock repeats an activity after, or even while, it
 * runs; a killed worker fails it, before or after its effects.
 */
export type DeliveryFate = "once" | "repeated" | "doubled" | "killedBefore" | "killedAfter";

/** Misbehaviour for tests, asked once for every activity that an orchestration schedules. */
export type ActivityChaos = (delivery: ActivityDelivery) => DeliveryFate;
