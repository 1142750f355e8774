/** Instants are milliseconds since the epoch. The app reads time nowhere else, so that tests and the simulator can own it. */
export interface Clock {
  now(): number;
  /** Calls `fire` at the instant, or as soon as possible when it has passed. Returns the cancellation. */
  at(instant: number, fire: () => void): () => void;
}

/** Node fires a timer with a longer delay at once, so longer ones are chained. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(instant, fire) {
    let timeout: NodeJS.Timeout;
    const arm = () => {
      const remaining = Math.max(0, instant - Date.now());
      timeout = setTimeout(() => (Date.now() >= instant ? fire() : arm()), Math.min(remaining, LONGEST_TIMEOUT_MS));
    };
    arm();
    return () => clearTimeout(timeout);
  },
};

export const sleepUntil = (clock: Clock, instant: number): Promise<void> =>
  new Promise((resolve) => clock.at(instant, resolve));
