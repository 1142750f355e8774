import type { TypedData } from "../core/contract";
import { invoke } from "../core/invoke";
import type { RegisteredFunction, Registry } from "../core/registry";
import { jsonOf } from "../core/typed-data";
import { stackOf } from "../errors";
import type { OrchestratorState } from "./actions";
import { LONG_TIMER_STEP_MS, LONGEST_TIMER_MS } from "./durable-timers";
import { orchestratorFailure, plainFailure, stateFromThrown, type OrchestratorFailure } from "./failures";
import { wireJson, type HistoryEvent } from "./history";
import type { Instance } from "./instance";
import { NonDeterminismError } from "./non-determinism";
import { mirrorSchedule, type Mirrored } from "./schedule-mirror";

/** Custom status: 16 KB of UTF-16. https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-custom-orchestration-status */
const CUSTOM_STATUS_LIMIT_BYTES = 16 * 1024;

/** `output` of a completed one is JSON text. */
export type FinalEnding =
  | { readonly kind: "completed"; readonly output: string }
  | ({ readonly kind: "failed" | "terminated" } & OrchestratorFailure);

export type Ending = FinalEnding | { readonly kind: "continueAsNew"; readonly input: string };

/** What the orchestrator answered: its state, or why there is none. */
export type Answer = { readonly state: OrchestratorState } | { readonly broken: string };

export interface EpisodeResult {
  readonly answer: Answer;
  /** JSON text. Every episode states it anew, so an orchestrator clears it with null (real-host: customStatus). */
  readonly customStatus: string;
  readonly schedule: Mirrored | undefined;
  /** Undefined while the orchestration goes on. */
  readonly ending: Ending | undefined;
}

/** History as JSON text, so that an episode serializes only what is new to it. */
export class PlayedHistory {
  #json = "";
  #count = 0;

  wire(played: readonly HistoryEvent[], fresh: readonly HistoryEvent[]): string {
    for (const event of played.slice(this.#count)) this.#json += `${wireJson(event, true)},`;
    this.#count = played.length;
    return `[${this.#json}${fresh.map((event) => wireJson(event, false)).join(",")}]`;
  }
}

/** Runs the orchestrator over its history and what is new to it, and says what follows. Changes nothing. */
export async function runEpisode(
  app: Registry,
  orchestrator: RegisteredFunction,
  instance: Instance,
  played: PlayedHistory,
  fresh: readonly HistoryEvent[],
): Promise<EpisodeResult> {
  const answer = await answerTo(app, orchestrator, instance, played.wire(instance.history, fresh));
  return "broken" in answer ? over(answer, plainFailure(answer.broken)) : conclude(instance, fresh, answer);
}

/** Runs the orchestrator over a history, as JSON text. */
export async function answerTo(
  app: Registry,
  orchestrator: RegisteredFunction,
  instance: Instance,
  historyJson: string,
): Promise<Answer> {
  const data: TypedData = { json: orchestrationTrigger(instance, historyJson) };
  try {
    const returned = await invoke(app, orchestrator, [{ name: orchestrator.trigger.name, data }]);
    return { state: JSON.parse(jsonOf(returned)) as OrchestratorState };
  } catch (thrown) {
    const state = stateFromThrown(thrown);
    return state ? { state } : { broken: `Orchestrator function '${instance.name}' failed: ${stackOf(thrown)}` };
  }
}

function conclude(
  instance: Instance,
  fresh: readonly HistoryEvent[],
  answer: Extract<Answer, { state: unknown }>,
): EpisodeResult {
  const { state } = answer;
  const customStatus = JSON.stringify(state.customStatus ?? null);
  const statusBytes = customStatus.length * 2;
  if (statusBytes > CUSTOM_STATUS_LIMIT_BYTES) {
    const error =
      `The UTF-16 size of the JSON-serialized payload must not exceed ${CUSTOM_STATUS_LIMIT_BYTES / 1024} KB. ` +
      `The current payload size is ${Math.floor(statusBytes / 1024)} KB.`;
    return over(answer, orchestratorFailure(instance.name, { error }));
  }
  try {
    const schedule = mirrorSchedule(state.actions[0] ?? [], instance.history, fresh, instance.executionId);
    const ending = schedule.mayEnd ? endingOf(instance, state, schedule) : undefined;
    return { answer, customStatus, schedule, ending };
  } catch (thrown) {
    if (thrown instanceof NonDeterminismError) return { ...over(answer, plainFailure(thrown.message)), customStatus };
    throw thrown;
  }
}

function endingOf(instance: Instance, state: OrchestratorState, schedule: Mirrored): Ending | undefined {
  if (state.error !== undefined) return { kind: "failed", ...orchestratorFailure(instance.name, state) };
  if (schedule.continueAsNew) {
    return { kind: "continueAsNew", input: JSON.stringify(schedule.continueAsNew.input ?? null) };
  }
  return state.isDone ? { kind: "completed", output: JSON.stringify(state.output ?? null) } : undefined;
}

const over = (answer: Answer, failure: OrchestratorFailure): EpisodeResult => ({
  answer,
  customStatus: "null",
  schedule: undefined,
  ending: { kind: "failed", ...failure },
});

/** The input of an orchestration trigger; the misspelt name is the extension's. */
function orchestrationTrigger(instance: Instance, historyJson: string): string {
  const rest = JSON.stringify({
    instanceId: instance.instanceId,
    isReplaying: instance.history.length > 0,
    parentInstanceId: instance.parent?.instanceId ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 2,
    longRunningTimerIntervalDuration: dayDuration(LONG_TIMER_STEP_MS),
    maximumShortTimerDuration: dayDuration(LONGEST_TIMER_MS),
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
  return `{"history":${historyJson},"input":${instance.input ?? "null"},${rest.slice(1)}`;
}

/** A .NET duration of whole days. */
const dayDuration = (ms: number): string => `${ms / 86_400_000}.00:00:00`;
