import { ActionType, type Action, type ContinueAsNewAction, type TimerAction } from "./actions";
import { EventType, type EventRaised, type HistoryEvent, type Scheduled } from "./history";
import { LONG_TIMER_STEP_MS, LONGEST_TIMER_MS } from "./durable-timers";
import { EventWaiters } from "./event-waiters";
import { checkAgainstHistory, NonDeterminismError } from "./non-determinism";
import { nextRetryDelay } from "./retry-delay";
import type { Requested } from "./requested";

type Ended = (failed: boolean) => void;

interface OpenTask {
  readonly ended: Ended;
  /** Set when the orchestrator cancelled the timer: ends it without firing. */
  readonly cancel: (() => void) | undefined;
}

export interface Mirrored {
  /** Work that history does not know yet. */
  readonly requested: readonly Requested[];
  /** Timers that will never fire. */
  readonly cancelledTimers: readonly number[];
  /** Every action has been awaited and nothing that was scheduled is still open: the orchestration may end. */
  readonly mayEnd: boolean;
  readonly continueAsNew: ContinueAsNewAction | undefined;
  /** Events that nobody waited for; continue-as-new keeps them. */
  readonly unconsumed: readonly EventRaised[];
}

/**
 * Mirrors what the durable extension's .NET shim does with an orchestrator's actions: it awaits them one after the other
 * against the same history, and hands out task ids in the order in which it reaches them. The orchestrator, in its own
 * process, counts along; so the order here is the protocol.
 *
 * @remarks Where both differ the real host shows it, and so does this: after the first failure inside a `Task.all` the
 * orchestrator goes on at once, but the shim awaits every branch, and only then reaches what was asked for next.
 */
export function mirrorSchedule(
  actions: readonly Action[],
  history: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
  executionId: string,
): Mirrored {
  return new ScheduleMirror(actions, executionId).run([history, fresh]);
}

class ScheduleMirror {
  readonly #actions: readonly Action[];
  readonly #executionId: string;
  /** Everything asked for so far; the index is the task id. */
  readonly #requests: Requested[] = [];
  readonly #scheduled = new Set<number>();
  readonly #open = new Map<number, OpenTask>();
  readonly #cancelled = new Set<number>();
  readonly #events = new EventWaiters();
  #now = 0;
  #reached = 0;
  #awaiting = false;
  #continueAsNew: ContinueAsNewAction | undefined;

  constructor(actions: readonly Action[], executionId: string) {
    this.#actions = actions;
    this.#executionId = executionId;
  }

  run(parts: readonly (readonly HistoryEvent[])[]): Mirrored {
    for (const events of parts) for (const event of events) this.#apply(event);
    const cancelledTimers = this.#endCancelled();
    return {
      requested: this.#requests.filter(({ taskId }) => !this.#scheduled.has(taskId)),
      cancelledTimers,
      mayEnd: this.#reached === this.#actions.length && !this.#awaiting && this.#open.size === 0,
      continueAsNew: this.#continueAsNew,
      unconsumed: this.#events.unconsumed(),
    };
  }

  #apply(event: HistoryEvent): void {
    switch (event.EventType) {
      case EventType.OrchestratorStarted:
        this.#now = Math.max(this.#now, Date.parse(event.Timestamp));
        return;
      case EventType.ExecutionStarted:
        this.#advance();
        return;
      case EventType.TaskScheduled:
      case EventType.SubOrchestrationInstanceCreated:
      case EventType.TimerCreated:
        this.#recognize(event);
        return;
      case EventType.EventRaised:
        this.#events.deliver(event);
        this.#advance();
        return;
      case EventType.TaskCompleted:
      case EventType.SubOrchestrationInstanceCompleted:
        this.#end(event.TaskScheduledId, false);
        return;
      case EventType.TaskFailed:
      case EventType.SubOrchestrationInstanceFailed:
        this.#end(event.TaskScheduledId, true);
        return;
      case EventType.TimerFired:
        this.#end(event.TimerId, false);
        return;
      case EventType.ExecutionCompleted:
      case EventType.ExecutionTerminated:
      case EventType.ExecutionSuspended:
      case EventType.ExecutionResumed:
      case EventType.OrchestratorCompleted:
        return;
    }
  }

  #advance(): void {
    for (;;) {
      const action = this.#actions[this.#reached];
      if (this.#awaiting || !action) return;
      this.#reached++;
      this.#awaiting = true;
      this.#start(action, () => (this.#awaiting = false));
    }
  }

  #start(action: Action, ended: Ended): void {
    switch (action.actionType) {
      case ActionType.CallActivity:
      case ActionType.CallSubOrchestrator:
        this.#ask({ kind: "call", call: action }, ended);
        break;
      case ActionType.CallActivityWithRetry:
      case ActionType.CallSubOrchestratorWithRetry:
        this.#startWithRetry(action, ended);
        break;
      case ActionType.CreateTimer:
        this.#startTimer(action, ended);
        break;
      case ActionType.WaitForExternalEvent:
        this.#events.wait(action.externalEventName, () => ended(false));
        break;
      case ActionType.ContinueAsNew:
        this.#continueAsNew = action;
        ended(false);
        break;
      case ActionType.WhenAll:
        this.#startAll(action.compoundActions, ended);
        break;
      case ActionType.WhenAny:
        this.#startAny(action.compoundActions, ended);
        break;
      default:
        throw new NonDeterminismError(notOffered(action));
    }
  }

  #startAll(actions: readonly Action[], ended: Ended): void {
    let left = actions.length;
    let anyFailed = false;
    for (const action of actions) {
      this.#start(action, (failed) => {
        anyFailed ||= failed;
        if (--left === 0) ended(anyFailed);
      });
    }
  }

  #startAny(actions: readonly Action[], ended: Ended): void {
    let over = false;
    for (const action of actions) {
      this.#start(action, () => {
        if (over) return;
        over = true;
        ended(false);
      });
    }
  }

  /** Waits once more after the last failed attempt, as both ends do (real-host: retry-*). */
  #startWithRetry(action: Extract<Action, { retryOptions: unknown }>, ended: Ended): void {
    const { retryOptions } = action;
    const firstAttemptAt = this.#now;
    let attempt = 0;
    const attemptOnce = () => {
      attempt++;
      this.#ask({ kind: "call", call: action }, attempted);
    };
    const attempted = (failed: boolean) => {
      const delay = failed ? nextRetryDelay(retryOptions, attempt, this.#now - firstAttemptAt) : undefined;
      if (delay === undefined) ended(failed);
      else this.#ask({ kind: "timer", fireAt: this.#now + delay }, waited);
    };
    const waited = () => {
      if (attempt < retryOptions.maxNumberOfAttempts) attemptOnce();
      else ended(true);
    };
    attemptOnce();
  }

  #startTimer(action: TimerAction, ended: Ended): void {
    const due = Date.parse(action.fireAt);
    const isLong = due - this.#now > LONGEST_TIMER_MS;
    const over = () => ended(false);
    const step = () => {
      const fireAt = due - this.#now > LONGEST_TIMER_MS ? this.#now + LONG_TIMER_STEP_MS : due;
      this.#ask({ kind: "timer", fireAt }, fired, action.isCanceled ? over : undefined);
    };
    const fired = () => {
      if (isLong && this.#now < due) step();
      else over();
    };
    step();
  }

  #ask(work: Requested["work"], ended: Ended, cancel?: () => void): void {
    const request: Requested = { taskId: this.#requests.length, executionId: this.#executionId, work };
    this.#requests.push(request);
    this.#open.set(request.taskId, { ended, cancel });
    if (cancel) this.#cancelled.add(request.taskId);
  }

  #end(taskId: number, failed: boolean): void {
    const task = this.#open.get(taskId);
    if (!task) return;
    this.#open.delete(taskId);
    this.#cancelled.delete(taskId);
    task.ended(failed);
    this.#advance();
  }

  /** An id that the mirror has not reached yet can only lie behind a timer that the orchestrator cancelled since. */
  #recognize(event: Scheduled): void {
    if (event.EventId >= this.#requests.length) this.#endCancelled();
    checkAgainstHistory(event, this.#requests[event.EventId]);
    this.#scheduled.add(event.EventId);
  }

  #endCancelled(): number[] {
    const ended: number[] = [];
    for (const taskId of this.#cancelled) {
      ended.push(taskId);
      this.#cancelled.delete(taskId);
      const task = this.#open.get(taskId);
      this.#open.delete(taskId);
      task?.cancel?.();
      this.#advance();
    }
    return ended;
  }
}

const notOffered = (action: { readonly actionType: number }): string =>
  `The embedded host does not offer action type ${action.actionType} (entities and callHttp) to orchestrators.`;
