import { randomUUID } from "node:crypto";
import type { RegisteredFunction } from "../core/registry";
import { messageOf, stackOf } from "../errors";
import { ActivityRunner } from "./activities";
import type { EngineOptions } from "./engine-options";
import { runEpisode, type EpisodeResult, type FinalEnding } from "./episode";
import { executionOf } from "./execution";
import { plainFailure, unknownOrchestrator } from "./failures";
import { EventType, isSuspensionChange, type HistoryEvent, type Message, type Scheduled } from "./history";
import { isTerminal, type Instance } from "./instance";
import type { LiveInstance } from "./live-instance";
import { LiveInstances } from "./live-instances";
import { childCompleted, childFailed, executionCompleted, mark, taskEnded, timerFired } from "./messages";
import { ReplayCheck } from "./replay-check";
import { scheduledEvent } from "./requested";
import { TurnQueue } from "./turn-queue";
import { isNewerVersion } from "./version";

/**
 * Drives orchestrations: a message wakes one, its turn runs the orchestrator over history and messages, and what the
 * orchestrator asked for is sent out. Turns come first in, first out; one instance never has two at once.
 */
export class OrchestratorTurns {
  readonly instances: LiveInstances;
  readonly #options: EngineOptions;
  readonly #orchestrators: ReadonlyMap<string, RegisteredFunction>;
  readonly #turns: TurnQueue;
  readonly #activities: ActivityRunner;
  readonly #replayCheck: ReplayCheck | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const orchestrators = options.app.withTrigger("orchestrationTrigger");
    this.#orchestrators = new Map(orchestrators.map((fn) => [fn.name.toLowerCase(), fn]));
    this.#turns = new TurnQueue(options.clock, options.maxConcurrentOrchestrators);
    const { onDivergence } = options;
    this.#replayCheck = onDivergence && new ReplayCheck(options.app, onDivergence);
    this.#activities = new ActivityRunner({ ...options, limit: options.maxConcurrentActivities });
    this.instances = new LiveInstances(options.clock, options.store, (live) => this.#wake(live));
  }

  /** Takes up what the store holds: unfinished work is sent out again. */
  recover(): void {
    for (const live of this.instances.load()) {
      if (isTerminal(live.instance)) continue;
      for (const event of live.unfinishedWork()) {
        if (event.EventType === EventType.SubOrchestrationInstanceCreated) live.pending.add(event.EventId);
        else this.#send(live, event);
      }
      this.#wake(live);
    }
  }

  close(): void {
    this.#turns.close();
    this.#activities.close();
    this.instances.close();
  }

  #wake(live: LiveInstance): void {
    if (live.queued || live.gone || live.instance.inbox.length <= live.parked) return;
    live.queued = true;
    this.#turns.push(async () => {
      try {
        if (!live.gone) await this.#turn(live);
      } catch (thrown) {
        this.#break(live, thrown);
      } finally {
        live.queued = false;
        this.#wake(live);
      }
    });
  }

  async #turn(live: LiveInstance): Promise<void> {
    const { instance } = live;
    const inbox = [...instance.inbox];
    const end = inbox.findIndex((message) => message.EventType === EventType.ExecutionTerminated);
    if (end >= 0) {
      this.#end(live, end + 1, inbox.slice(0, end + 1), terminated(inbox[end]));
      return;
    }
    const suspension = inbox.findLast(isSuspensionChange);
    if (suspension) instance.output = JSON.stringify(suspension.Reason);
    if (suspension?.EventType === EventType.ExecutionSuspended) {
      this.#setStatus(live, "Suspended");
      live.parked = inbox.length;
      return;
    }
    const orchestrator = this.#orchestrators.get(instance.name.toLowerCase());
    if (!orchestrator) {
      const known = [...this.#orchestrators.values()].map(({ name }) => name);
      this.#error(instance.name, `Instance ${instance.instanceId}: no orchestrator has the name ${instance.name}.`);
      this.#end(live, inbox.length, inbox, { kind: "failed", ...unknownOrchestrator(instance.name, known) });
      return;
    }
    if (instance.version !== null && isNewerVersion(instance.version, this.#options.defaultVersion ?? "")) {
      this.#error(instance.name, `Instance ${instance.instanceId}: version ${instance.version} is newer than the app.`);
      live.parked = inbox.length;
      return;
    }
    // Of one that runs already nothing changes: that would be a write a turn for nothing.
    if (instance.status !== "Running") this.#setStatus(live, "Running");
    const fresh = [mark(EventType.OrchestratorStarted, this.instances.timestamp()), ...inbox];
    const result = await runEpisode(this.#options.app, orchestrator, instance, live.played, fresh);
    await this.#replayCheck?.check(orchestrator, instance, fresh, result);
    if (!live.gone) this.#conclude(live, inbox.length, fresh, result);
  }

  /** Records one episode and sends out what it asked for: one step, as far as the store is concerned. */
  #conclude(live: LiveInstance, taken: number, fresh: readonly HistoryEvent[], result: EpisodeResult): void {
    const { instance } = live;
    instance.customStatus = result.customStatus;
    const at = this.instances.timestamp();
    const scheduled = result.schedule?.requested.map((request) => scheduledEvent(request, at)) ?? [];
    const events = [...fresh, ...scheduled, mark(EventType.OrchestratorCompleted, at)];
    if (result.ending) this.#options.onExecution?.(executionOf(instance, events, result.ending));
    if (result.ending?.kind === "continueAsNew") {
      this.#continueAsNew(live, taken, result.ending.input, result.schedule?.unconsumed ?? []);
      return;
    }
    if (result.ending) {
      this.#end(live, taken, events, result.ending);
      return;
    }
    this.#record(live, taken, events);
    const cancelled = new Set(result.schedule?.cancelledTimers);
    for (const taskId of cancelled) live.timers.cancel(taskId);
    for (const event of scheduled) if (!cancelled.has(event.EventId)) this.#send(live, event);
  }

  #send(live: LiveInstance, event: Scheduled): void {
    const { instance } = live;
    const { executionId, instanceId } = instance;
    const taskId = event.EventId;
    live.pending.add(taskId);
    const reply = (message: () => Message) => {
      if (instance.executionId === executionId && live.pending.delete(taskId)) this.instances.post(live, message());
    };
    switch (event.EventType) {
      case EventType.TimerCreated:
        live.timers.set(taskId, Date.parse(event.FireAt), () =>
          reply(() => timerFired(taskId, event.FireAt, this.instances.timestamp())),
        );
        return;
      case EventType.TaskScheduled:
        if (!this.#activities.has(event.Name)) {
          this.#hangs(instance, "activity", event.Name);
          return;
        }
        this.#activities.run(instanceId, event, (outcome) =>
          reply(() => taskEnded(taskId, outcome, this.instances.timestamp())),
        );
        return;
      case EventType.SubOrchestrationInstanceCreated: {
        const { InstanceId, Name: name, Input: input } = event;
        if (!this.#orchestrators.has(name.toLowerCase())) {
          this.#hangs(instance, "orchestrator", name);
          return;
        }
        const version = event.Version ?? this.#options.defaultVersion ?? null;
        const parent = { instanceId, executionId, taskId };
        this.instances.create({ instanceId: InstanceId, name, input, version, parent, generation: null });
      }
    }
  }

  #record(live: LiveInstance, taken: number, events: readonly HistoryEvent[]): void {
    for (const event of events) live.instance.history.push(event);
    live.instance.inbox.splice(0, taken);
    live.parked = 0;
    live.instance.updatedAt = this.#options.clock.now();
    this.instances.changed(live);
  }

  /** Keeps events that nobody waited for (real-host: continueAsNew-events-preserved). */
  #continueAsNew(live: LiveInstance, taken: number, input: string, unconsumed: readonly Message[]): void {
    const { instance } = live;
    live.endExecution();
    const arrived = instance.inbox.slice(taken);
    instance.executionId = randomUUID();
    instance.input = input;
    instance.createdAt = this.#options.clock.now();
    instance.history = [];
    instance.inbox = [this.instances.started(instance, null), ...unconsumed, ...arrived];
    live.parked = 0;
    this.#setStatus(live, "Running");
  }

  #end(live: LiveInstance, taken: number, events: readonly HistoryEvent[], ending: FinalEnding): void {
    const { instance } = live;
    const at = this.instances.timestamp();
    const completion = executionCompleted(ending, at);
    live.endExecution();
    this.#record(live, taken, [...events, completion]);
    instance.inbox = [];
    instance.output = ending.kind === "completed" ? ending.output : JSON.stringify(ending.output);
    this.#setStatus(live, completion.OrchestrationStatus);
    this.#tellParent(instance, ending, at);
    this.instances.ended();
  }

  #tellParent({ parent }: Instance, ending: FinalEnding, at: string): void {
    if (!parent) return;
    const { taskId } = parent;
    const live = this.instances.find(parent.instanceId);
    if (live?.instance.executionId !== parent.executionId || !live.pending.delete(taskId)) return;
    this.instances.post(
      live,
      ending.kind === "completed" ? childCompleted(taskId, ending.output, at) : childFailed(taskId, ending.failure, at),
    );
  }

  #setStatus(live: LiveInstance, status: Instance["status"]): void {
    live.instance.status = status;
    live.instance.updatedAt = this.#options.clock.now();
    this.instances.changed(live);
  }

  /** The host itself failed, for example on actions that it cannot read: the instance fails, the others go on. */
  #break(live: LiveInstance, thrown: unknown): void {
    const { instance } = live;
    this.#error(instance.name, `Instance ${instance.instanceId}: ${stackOf(thrown)}`);
    if (live.gone || isTerminal(instance)) return;
    this.#end(live, instance.inbox.length, [...instance.inbox], { kind: "failed", ...plainFailure(messageOf(thrown)) });
  }

  /** The real host says nothing (real-host: actUnknown); a developer should hear of it. */
  #hangs({ instanceId, name: caller }: Instance, kind: string, name: string): void {
    this.#error(
      caller,
      `Instance ${instanceId} waits for ever: the app has no ${kind} with the name "${name}". ` +
        `Terminate the instance, then register the ${kind} or correct the name.`,
    );
  }

  #error(functionName: string, message: string): void {
    this.#options.log({ level: "error", category: "durable", functionName, message });
  }
}

const terminated = (message: Message | undefined): FinalEnding => {
  const reason = message?.EventType === EventType.ExecutionTerminated ? message.Input : "";
  const failure = { Reason: reason, Details: reason, FailureDetails: null };
  return { kind: "terminated", failure, output: reason };
};
