import type { ActivityChaos, DeliveryFate } from "../../../src/local/functions-host/durable/chaos";
import { Draw } from "./draw";

/** How likely each misbehaviour of the host is, for each delivery of an activity. */
export type Misbehaviour = Readonly<Partial<Record<Exclude<DeliveryFate, "once">, number>>>;

/** The fate of a delivery follows from its ids alone, in whatever order deliveries come. */
export const chaosOf =
  (seed: number, misbehaviour: Misbehaviour): ActivityChaos =>
  ({ name, instanceId, taskId }) => {
    const draw = new Draw(seed, "delivery", name, instanceId, taskId);
    const fates = Object.entries(misbehaviour) as [DeliveryFate, number][];
    return fates.find(([fate, probability]) => draw.happens(probability, fate))?.[0] ?? "once";
  };
