import type { Fleet } from "../simulated-azure";

/** Longer than simulated Azure takes to create a VM whose causes do not say. */
const LONGEST_CREATION_SECONDS = 120;

type Vm = Fleet["vms"][number];

/** Seconds after the fleet's start until its last event was sent. */
export const endOfEvents = (fleet: Fleet): number => Math.max(0, ...fleet.vms.map(lastEventOf));

function lastEventOf({ events, createAfterSeconds, provisioning }: Vm): number {
  const appears = createAfterSeconds ?? 0;
  if (!events) {
    if (createAfterSeconds === undefined) return 0;
    return appears + (provisioning.succeedsAfterSeconds ?? LONGEST_CREATION_SECONDS);
  }
  const ends = events.map(
    ({ afterSeconds, delaySeconds, copies, copyEverySeconds }) =>
      afterSeconds + delaySeconds + (copies - 1) * copyEverySeconds,
  );
  return appears + Math.max(0, ...ends);
}
