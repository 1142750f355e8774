import { loadApp } from "../../src/local/functions-host/core/load-app";
import type { RegisteredFunction, Registry } from "../../src/local/functions-host/core/registry";
import { installCore } from "../../src/local/functions-host/core/require-hook";
import { PlayedHistory, runEpisode } from "../../src/local/functions-host/durable/episode";
import { EventType, isScheduled, type HistoryEvent } from "../../src/local/functions-host/durable/history";
import type { Instance } from "../../src/local/functions-host/durable/instance";
import { scheduledEvent } from "../../src/local/functions-host/durable/requested";
import type { Execution } from "../../src/local/functions-host";
import type { GoldenHistory } from "./history-file";

/** What an app does in another way than recorded, each with its place; empty when runs in flight would go on. */
export async function replay(main: string, histories: readonly GoldenHistory[]): Promise<string[]> {
  process.env["GOLDPATCH_SCOPE"] ??= "/subscriptions/11111111-2222-4333-8444-555555555555";
  const uninstall = installCore();
  try {
    const app = loadApp(main, () => undefined);
    const differences: string[] = [];
    for (const { story, executions } of histories) {
      for (const execution of executions) {
        const found = await firstDifference(app, execution);
        if (found !== undefined) differences.push(`${story}: ${found}`);
      }
    }
    return differences;
  } finally {
    uninstall();
  }
}

/**
 * Takes the execution up after each of its episodes, as if it had been in flight there. Tells the first place where the
 * app asks for something else than recorded, and what becomes of runs that are beyond it.
 */
async function firstDifference(app: Registry, execution: Execution): Promise<string | undefined> {
  const { instance, history, ending } = execution;
  const orchestrator = app.withTrigger("orchestrationTrigger").find(({ name }) => name === instance.name);
  if (!orchestrator) return `the app has no orchestrator ${instance.name}`;
  const episodes = episodesOf(history);
  let difference: string | undefined;
  for (const [index, { begin, fresh, asked }] of episodes.entries()) {
    const got = await takeUp(app, orchestrator, instance, history.slice(0, begin), fresh);
    if (difference !== undefined && got.ending?.kind === "failed") {
      return `${difference}\n  a run that is beyond it: ${got.ending.output}`;
    }
    const recorded = lines({ asked, ending: index === episodes.length - 1 ? ending : undefined });
    const now = lines(got);
    if (difference !== undefined || recorded === now) continue;
    const given = JSON.stringify(fresh.at(-1)).slice(0, SHOWN);
    difference =
      `${instance.name} ${instance.instanceId}, after ${begin} of ${history.length} events, given ${given}\n` +
      `  recorded: ${recorded}\n  now:      ${now}`;
  }
  return difference;
}

const SHOWN = 300;

async function takeUp(
  app: Registry,
  orchestrator: RegisteredFunction,
  identity: Execution["instance"],
  history: HistoryEvent[],
  fresh: readonly HistoryEvent[],
) {
  const instance: Instance = {
    ...identity,
    history,
    ...{
      status: "Running",
      output: "null",
      customStatus: "null",
      createdAt: 0,
      updatedAt: 0,
      generation: 0,
      inbox: [],
    },
  };
  const { schedule, ending } = await runEpisode(app, orchestrator, instance, new PlayedHistory(), fresh);
  return { asked: (schedule?.requested ?? []).map((request) => scheduledEvent(request, "")), ending };
}

interface RecordedEpisode {
  /** How many events lie before it. */
  readonly begin: number;
  readonly fresh: readonly HistoryEvent[];
  /** What the orchestrator asked for. */
  readonly asked: readonly HistoryEvent[];
}

function episodesOf(history: readonly HistoryEvent[]): RecordedEpisode[] {
  const begins = history.flatMap((event, index) => (event.EventType === EventType.OrchestratorStarted ? [index] : []));
  return begins.map((begin, index) => {
    const events = history.slice(begin, begins[index + 1]);
    return { begin, fresh: events.filter((event) => !isScheduled(event)), asked: events.filter(isScheduled) };
  });
}

const lines = ({
  asked,
  ending,
}: {
  asked: readonly HistoryEvent[];
  ending: Execution["ending"] | undefined;
}): string =>
  [
    ...asked.map((event) => JSON.stringify({ ...event, Timestamp: undefined })),
    ...(ending ? [JSON.stringify(ending)] : []),
  ].join(" ") || "nothing";
