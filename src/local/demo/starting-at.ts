import type { Fleet } from "../simulated-azure";

/** The same fleet, begun at another instant: all its times move along. @param instant milliseconds since the epoch */
export function startingAt(fleet: Fleet, instant: number): Fleet {
  const shift = instant - Date.parse(fleet.start);
  const moved = (time: string) => new Date(Date.parse(time) + shift).toISOString();
  return {
    ...fleet,
    start: moved(fleet.start),
    vms: fleet.vms.map((vm) => (vm.createdAt === undefined ? vm : { ...vm, createdAt: moved(vm.createdAt) })),
  };
}
