import { systemClock } from "../../clock";
import type { HostClock } from "./host-clock";

/**
 * The wall clock, running `speed` times as fast from `start` on (milliseconds since the epoch). Nothing holds it, so
 * that two processes with the same speed agree for as long as they run.
 */
export function scaledClock(start: number, speed: number): HostClock {
  const began = Date.now();
  return {
    now: () => Math.floor(start + (Date.now() - began) * speed),
    at: (instant, fire) => systemClock.at(began + Math.ceil((instant - start) / speed), fire),
    hold: () => () => undefined,
  };
}
