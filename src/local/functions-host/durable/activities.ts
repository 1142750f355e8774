import type { HostClock } from "../../clock/host-clock";
import type { NamedData } from "../core/contract";
import { invoke } from "../core/invoke";
import type { RegisteredFunction, Registry } from "../core/registry";
import { jsonOf, textData, toTypedData } from "../core/typed-data";
import type { ActivityChaos } from "./chaos";
import { activityFailure, workerKilled } from "./failures";
import type { Failure, TaskScheduled } from "./history";
import { TurnQueue } from "./turn-queue";

export type ActivityOutcome =
  { readonly succeeded: true; readonly result: string } | { readonly succeeded: false; readonly failure: Failure };

export interface ActivityRunnerOptions {
  readonly app: Registry;
  readonly clock: HostClock;
  readonly limit: number;
  readonly clientInputs: (fn: RegisteredFunction) => NamedData[];
  readonly chaos: ActivityChaos | undefined;
}

/** Runs activities, a limited number at once, and reports each outcome once. */
export class ActivityRunner {
  readonly #options: ActivityRunnerOptions;
  readonly #queue: TurnQueue;
  readonly #byName: ReadonlyMap<string, RegisteredFunction>;

  constructor(options: ActivityRunnerOptions) {
    this.#options = options;
    this.#queue = new TurnQueue(options.clock, options.limit);
    const activities = options.app.withTrigger("activityTrigger");
    this.#byName = new Map(activities.map((fn) => [fn.name.toLowerCase(), fn]));
  }

  has(name: string): boolean {
    return this.#byName.has(name.toLowerCase());
  }

  /** `report` is told the outcome, later. An activity that is not registered never ends, as on the real host. */
  run(instanceId: string, task: TaskScheduled, report: (outcome: ActivityOutcome) => void): void {
    const fn = this.#byName.get(task.Name.toLowerCase());
    if (!fn) return;
    this.#queue.push(async () => {
      const fate = this.#options.chaos?.({ name: fn.name, instanceId, taskId: task.EventId }) ?? "once";
      const deliver = () => this.#deliver(fn, instanceId, task);
      switch (fate) {
        case "once": {
          report(await deliver());
          return;
        }
        case "repeated":
          await deliver();
          {
            report(await deliver());
            return;
          }
        case "doubled":
          await Promise.all([deliver(), deliver()].map(async (delivery) => report(await delivery)));
          return;
        case "killedAfter":
          await deliver();
          {
            report({ succeeded: false, failure: workerKilled(fn.name) });
            return;
          }
        case "killedBefore": {
          report({ succeeded: false, failure: workerKilled(fn.name) });
          return;
        }
      }
    });
  }

  close(): void {
    this.#queue.close();
  }

  async #deliver(fn: RegisteredFunction, instanceId: string, task: TaskScheduled): Promise<ActivityOutcome> {
    const input: unknown = task.Input === null ? null : JSON.parse(task.Input);
    try {
      const result = await invoke(
        this.#options.app,
        fn,
        [{ name: fn.trigger.name, data: toTypedData(input) }, ...this.#options.clientInputs(fn)],
        { instanceId: textData(instanceId) },
      );
      return { succeeded: true, result: jsonOf(result) };
    } catch (thrown) {
      return { succeeded: false, failure: activityFailure(fn.name, thrown) };
    }
  }
}
