import { z } from "zod";
import type { HostClock } from "../local/clock/host-clock";
import { realClock } from "../local/clock/real-clock";
import { scaledClock } from "../local/clock/scaled-clock";
import { number } from "./options";
import { UsageError } from "./usage-error";

const FASTEST = 100_000;

export const speedOption = number("Simulated seconds per second, as given to goldpatch simulate.", 0.1, FASTEST, false);

/**
 * The wall clock, or simulated Azure's own, from the `Date` of an answer on.
 *
 * @throws UsageError for a speed without simulated Azure, or when nothing answers there
 */
export async function clockOf(endpoint: string | undefined, speed: number | undefined): Promise<HostClock> {
  requireSimulation(endpoint, speed);
  if (endpoint === undefined || speed === undefined) return realClock;
  try {
    const { headers } = await fetch(endpoint);
    return scaledClock(z.coerce.date().parse(headers.get("date")).getTime(), speed);
  } catch (cause) {
    throw new UsageError(
      `GOLDPATCH_ARM_ENDPOINT is "${endpoint}": no time could be read there; start goldpatch simulate first`,
      { cause },
    );
  }
}

/** @throws UsageError for a speed without simulated Azure */
export function requireSimulation(endpoint: string | undefined, speed: number | undefined): void {
  if (speed === undefined || endpoint !== undefined) return;
  throw new UsageError(`--speed "${speed}": real Azure cannot be hurried; set GOLDPATCH_ARM_ENDPOINT, or leave it out`);
}
