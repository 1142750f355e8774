/** What a run did to its VM's power, written before each request. Instants are our clock, milliseconds since the epoch. */
export interface PowerRecord {
  readonly runId: string;
  /** When the run first decided to start the VM, which it had seen deallocated. */
  readonly startFrom: number;
  /** When it first wanted the VM deallocated again. */
  readonly stopFrom?: number;
  /** What last kept it from being deallocated. */
  readonly trouble?: string;
  /** No request that was written down so far leaves after this. */
  readonly postNotAfter: number;
  /** The VM was seen deallocated, or gone, or was given up. */
  readonly over?: true;
}
