import { sleepUntil } from "../../../src/local/clock/host-clock";
import type { VirtualClock } from "../../../src/local/clock/virtual-clock";
import type { SimulatedAzure } from "../../../src/local/simulated-azure";

/** Numbers of machines, as they truly are. */
export interface Harm {
  readonly harmed: number;
  /** Were asked to install, whatever became of it. */
  readonly touched: number;
}

/** Longer than any installation, reboot or outage that is still going on. */
const AFTERWARDS_MS = 6 * 3_600_000;

/** Counts machines that do not run with an agent that reports, long after the contender's end: nobody's word is taken. */
export async function harmedIn(azure: SimulatedAzure, clock: VirtualClock): Promise<Harm> {
  await sleepUntil(clock, clock.now() + AFTERWARDS_MS);
  const { truth } = azure;
  return {
    harmed: truth.filter(({ well }) => !well).length,
    touched: truth.filter(({ operations }) => operations.some(({ kind }) => kind === "install")).length,
  };
}
