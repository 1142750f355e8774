import type { TriggerPorts } from "../ports";

/**
 * When the schedules of stored policies are looked at: NCRONTAB, UTC. As often as a waiting sweep looks around, and as
 * the watchdog, so that an idle app is woken no more often.
 */
export const POLICY_SCHEDULE = "0 */5 * * * *";

/** Starts the sweeps of stored policies that are due. Without a store there are none. */
export const scheduledPolicies =
  <Engine>({ refusal }: Pick<TriggerPorts, "refusal">, startDue: (engine: Engine) => Promise<void>) =>
  async (engine: Engine): Promise<void> => {
    if (refusal === undefined) await startDue(engine);
  };
