import type { HostClock } from "../../clock/host-clock";

/** Longer timers are chained, three days at a time; both ends must agree (they are part of the orchestrator's input). */
export const LONGEST_TIMER_MS = 6 * 86_400_000;
export const LONG_TIMER_STEP_MS = 3 * 86_400_000;

/** What the real host takes to pick a timer up: timers of up to a second fire after 8 to 25 ms (real-host: timer-*). */
export const TIMER_LATENCY_MS = 25;

/**
 * When a timer fires. The extension truncates the remaining time to whole seconds, so that a timer fires up to a second
 * early: 2 s fires after 1.0 s, 500 ms at once (real-host: timer-*).
 */
export function firingTime(now: number, fireAt: number): number {
  const pickedUpAt = now + TIMER_LATENCY_MS;
  const wholeSeconds = Math.floor(Math.max(0, fireAt - pickedUpAt) / 1000);
  return pickedUpAt + wholeSeconds * 1000;
}

/** The timers of one orchestration that are set on the clock. */
export class DurableTimers {
  readonly #clock: HostClock;
  readonly #cancels = new Map<number, () => void>();

  constructor(clock: HostClock) {
    this.#clock = clock;
  }

  set(taskId: number, fireAt: number, fired: () => void): void {
    const cancel = this.#clock.at(firingTime(this.#clock.now(), fireAt), () => {
      this.#cancels.delete(taskId);
      fired();
    });
    this.#cancels.set(taskId, cancel);
  }

  cancel(taskId: number): void {
    this.#cancels.get(taskId)?.();
    this.#cancels.delete(taskId);
  }

  cancelAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
