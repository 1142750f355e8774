import { setTimeout } from "node:timers/promises";

export type StopSignal = "SIGINT" | "SIGTERM";

/** Ctrl-C, or what a supervisor sends. Listens from its creation on. */
export class StopSignals {
  readonly first: Promise<StopSignal>;

  constructor() {
    this.first = new Promise((resolve) => {
      process.once("SIGINT", () => resolve("SIGINT"));
      process.once("SIGTERM", () => resolve("SIGTERM"));
    });
  }
}

const EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** What a shell expects of a program that a signal kept from its result. */
export const exitCodeOf = (signal: StopSignal): number => EXIT_CODES[signal];

/** Long enough to end all connections, short enough for somebody who waits. */
const CLOSING_MS = 800;

/** Closes within a second, whatever hangs. */
export async function closeSoon(close: () => Promise<void>): Promise<void> {
  const enough = new AbortController();
  const late = setTimeout(CLOSING_MS, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([close(), late]);
  enough.abort();
}
