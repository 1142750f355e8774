import type { Ending } from "../contracts/run";
import type { Bucket } from "../domain/rate/bucket";

/** Who may send operations to a VM. Instants are our clock, milliseconds since the epoch. */
export interface Lease {
  readonly runId: string;
  /** Grows with every holder: whoever still acts on an older one is refused. */
  readonly epoch: number;
  readonly held: boolean;
  /** No request of the holder leaves after this. */
  readonly postNotAfter: number;
  /** The holder's run is being settled from outside, for this reason: it sends nothing more. */
  readonly fenced?: Ending;
  /** What was drawn from the VM's own bucket of patch operations, by whichever run. */
  readonly operations?: Bucket;
}

/** Whether this run may still send. */
export const isHeldBy = (lease: Lease, runId: string): boolean =>
  lease.held && lease.runId === runId && lease.fenced === undefined;
