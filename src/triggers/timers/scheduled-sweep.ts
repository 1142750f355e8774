import { Cron } from "croner";
import { orchestrationNames } from "../../contracts/names";
import type { Starter, TriggerPorts } from "../ports";

/** The schedule's last occurrence at or before `now` (milliseconds since the epoch): a late or repeated tick belongs to it too. */
export function slotOf(schedule: string, now: number): string {
  // A millisecond later, so that an occurrence at `now` itself counts. NCRONTAB wants both day fields to match.
  const cron = new Cron(schedule, { paused: true, timezone: "UTC", domAndDow: true });
  const [slot] = cron.previousRuns(1, new Date(now + 1));
  return (slot ?? new Date(now)).toISOString();
}

/** Starts the sweep of the schedule's current slot, once. */
export const scheduledSweep =
  (ports: TriggerPorts) =>
  async (starter: Starter): Promise<void> => {
    if (ports.refusal !== undefined) return ports.logs.eventIgnored({ reason: ports.refusal, subject: "sweep" });
    const slot = slotOf(ports.sweepSchedule, Date.parse(ports.now()));
    const sweepId = `sweep-${slot.replaceAll(/[^0-9TZ]/g, "")}`;
    await starter.start(orchestrationNames.sweep, sweepId, { sweepId, slot });
  };
