/**
 * What drives the embedded host, simulated Azure and the app alike. Instants are milliseconds since the epoch.
 * The app's own clock port is a part of this one, so one object serves all three.
 */
export interface HostClock {
  now(): number;
  /** Calls `fire` at the instant, or as soon as possible when it has passed. Returns the cancellation. */
  at(instant: number, fire: () => void): () => void;
  /** Time stands still until the returned release is called: something is in flight that no timer will wake. */
  hold(): () => void;
}

export const sleepUntil = (clock: Pick<HostClock, "at">, instant: number): Promise<void> =>
  new Promise((resolve) => clock.at(instant, resolve));

/** Runs `work` while time stands still. */
export async function held<T>(clock: HostClock, work: () => Promise<T>): Promise<T> {
  const release = clock.hold();
  try {
    return await work();
  } finally {
    release();
  }
}
