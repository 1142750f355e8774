import type { OrchestrationContext, Task } from "durable-functions";
import type { ActivityInput, ActivityName, ActivityResult } from "../contracts/activities";
import { childIdOf } from "../contracts/names";

/** A piece of orchestration: yields durable tasks, returns a value. Compose with `yield*`. */
export type Story<T> = Generator<Task, T, unknown>;

/**
 * The few durable operations our stories use, typed by the contracts.
 * The only importer of durable-functions among the orchestrators, so that a new SDK generation is a change of this file.
 */
export class Durable {
  readonly #df: OrchestrationContext["df"];

  constructor(df: OrchestrationContext["df"]) {
    this.#df = df;
  }

  /** Replay-safe clock. Timers may fire up to a second early: compare, never assume. */
  now(): Date {
    return this.#df.currentUtcDateTime;
  }

  *call<N extends ActivityName>(name: N, input: ActivityInput<N>): Story<ActivityResult<N>> {
    return (yield this.#df.callActivity(name, input)) as ActivityResult<N>;
  }

  *sleepUntil(instant: string): Story<void> {
    yield this.#df.createTimer(new Date(instant));
  }

  /**
   * Until the instant, or until somebody raises the event. Its name must be new each time: of one name the youngest wait
   * gets the event, and a wait that lost to its timer stays. Both tasks are new and none is yielded again, for
   * `Task.any` over a task that was yielded before starts it anew (durable-functions 3.5.0, issue 574).
   */
  *sleepUntilOr(instant: string, event: string): Story<void> {
    const timer = this.#df.createTimer(new Date(instant));
    const raised = this.#df.waitForExternalEvent(event);
    const first = yield this.#df.Task.any([raised, timer]);
    if (first === raised) timer.cancel();
  }

  /** A child with a history of its own. Ids are unique by construction: a running child's id would be overwritten. */
  *child<T>(name: string, input: object, suffix: string): Story<T> {
    return (yield this.#df.callSubOrchestrator(name, input, childIdOf(this.#df.instanceId, suffix))) as T;
  }

  continueAsNew(input: object): void {
    this.#df.continueAsNew(input);
  }
}
