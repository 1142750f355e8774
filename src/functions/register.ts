import * as df from "durable-functions";
import { activityContracts, type ActivityInput, type ActivityName } from "../contracts/activities";
import { eventNames, orchestrationNames, routeNames, timerNames, type RouteName } from "../contracts/names";
import { orchestrationInputs } from "../contracts/orchestrations";
import { instancesOf } from "../durable-client";
import { presentable } from "../errors";
import type { Logs } from "../logs";
import { Durable } from "../orchestrators/durable";
import { guarded, type AccessSettings } from "../triggers/http/access";
import type { Activities } from "./activities";
import type { eventsOf } from "./events";
import type { OrchestrationInput, OrchestrationName, Orchestrations } from "./orchestrations";
import { roleOf, type Route, type RoutePorts } from "./routes";
import type { timersOf } from "./timers";

/** Every route wants a function key: nothing here is anonymous. */
export function registerRoutes(
  routes: Readonly<Record<RouteName, Route>>,
  { ports, access, logs }: { readonly ports: RoutePorts; readonly access: AccessSettings; readonly logs: Logs },
): void {
  for (const name of namesOf(routes)) {
    const { method, path, answer } = routes[name];
    const answering = guarded(access, logs, `${method} ${path}`, roleOf(method), answer(ports));
    df.app.client.http(routeNames[name], {
      route: path,
      methods: [method],
      authLevel: "function",
      handler: (request, client) =>
        answering(
          request,
          instancesOf(() => client),
        ),
    });
  }
}

export function registerEvents(events: ReturnType<typeof eventsOf>): void {
  for (const name of namesOf(events)) {
    df.app.client.eventGrid(eventNames[name], {
      handler: (event, client) =>
        presenting(() =>
          events[name](
            event,
            instancesOf(() => client),
          ),
        ),
    });
  }
}

export function registerTimers(timers: ReturnType<typeof timersOf>): void {
  for (const name of namesOf(timers)) {
    const { schedule, tick } = timers[name];
    df.app.client.timer(timerNames[name], {
      schedule,
      handler: (_timer, client) => presenting(() => tick(instancesOf(() => client))),
    });
  }
}

/** An input of another version or shape fails the orchestration at once, and once: it is told, and never repeated. */
export function registerOrchestrations(orchestrations: Orchestrations, logs: Logs): void {
  // Without it a failure arrives as several kilobytes of host stack (real-host recordings); with it, as one line.
  df.app.setExceptionPropertiesProvider({ getExceptionProperties: () => ({}) });
  for (const name of namesOf(orchestrations)) registerOrchestration(name, orchestrations, logs);
}

function registerOrchestration<N extends OrchestrationName>(
  name: N,
  stories: Pick<Orchestrations, N>,
  logs: Logs,
): void {
  df.app.orchestration(orchestrationNames[name], function* ({ df: context }) {
    const parsed = orchestrationInputs[name].safeParse(context.getInput());
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const reason = `${issue?.path.join(".") || "input"}: ${issue?.message ?? ""}`;
      logs.orchestrationRefused({ orchestration: name, instanceId: context.instanceId, reason });
      throw presentable(new TypeError(`${name} was started with an input that is not its own: ${reason}`));
    }
    return yield* stories[name](new Durable(context), parsed.data as OrchestrationInput<N>);
  });
}

/** The contract is checked on the way in: an activity never acts on an input of another version by guess. */
export function registerActivities(activities: Activities): void {
  for (const name of namesOf(activities)) registerActivity(name, activities);
}

function registerActivity<N extends ActivityName>(name: N, activities: Pick<Activities, N>): void {
  df.app.activity(name, {
    extraInputs: [df.input.durableClient()],
    handler: (input: unknown, context) =>
      presenting(() =>
        activities[name](
          activityContracts[name].input.parse(input) as ActivityInput<N>,
          instancesOf(() => df.getClient(context)),
        ),
      ),
  });
}

/** The host writes down what a function throws, and for an activity so does the durable engine. */
async function presenting<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (failure) {
    throw presentable(failure);
  }
}

const namesOf = <T extends object>(table: T): (keyof T)[] => Object.keys(table) as (keyof T)[];
