import { invoke } from "../core/invoke";
import type { NamedData } from "../core/contract";
import type { RegisteredFunction, Registry } from "../core/registry";
import { stackOf } from "../errors";
import { carriesKey } from "./keys";
import { empty, problem, text, unauthorized, type HostRequest, type Reply } from "./reply";

export const EVENT_GRID_PATH = "/runtime/webhooks/eventgrid";

/** What one delivery of Event Grid holds at most (Event Grid: output batching). */
const MOST_EVENTS = 5000;
/** An event has at most 1 MB, and a batch is meant to have no more (Event Grid: quotas and limits). */
const BATCH_LIMIT_BYTES = 2 * 1024 * 1024;

/** Answers the Event Grid webhook; every status is as recorded (real-host: triggers). */
export async function answerEventGrid(
  app: Registry,
  systemKey: string,
  request: HostRequest,
  clientInputs: (fn: RegisteredFunction) => NamedData[],
): Promise<Reply> {
  if (!carriesKey(request, [systemKey])) return unauthorized;
  const name = request.url.searchParams.get("functionName") ?? "";
  const fn = app.withTrigger("eventGridTrigger").find((each) => each.name === name);
  if (!fn) return text(404, `cannot find function: '${name}'`);
  if (request.method === "OPTIONS") {
    return empty(200, { "webhook-allowed-origin": request.headers["webhook-request-origin"] ?? "*" });
  }
  if (request.method !== "POST") return empty(400);
  if (request.body.length > BATCH_LIMIT_BYTES) {
    return tooLarge(`body: ${request.body.length} bytes: send at most ${BATCH_LIMIT_BYTES} at a time`);
  }
  switch (request.headers["aeg-event-type"]?.toLowerCase()) {
    case "subscriptionvalidation":
      return text(200, JSON.stringify({ validationResponse: validationCode(eventsOf(request)) }));
    case "notification":
      return notify(app, fn, eventsOf(request), clientInputs);
    case "unsubscribe":
      return empty(202);
    case undefined:
    default:
      return empty(400);
  }
}

/** One failing handler fails the whole request, so Event Grid sends every event of it again. */
async function notify(
  app: Registry,
  fn: RegisteredFunction,
  events: readonly unknown[],
  clientInputs: (fn: RegisteredFunction) => NamedData[],
): Promise<Reply> {
  if (events.length > MOST_EVENTS)
    return tooLarge(`body: ${events.length} events: send at most ${MOST_EVENTS} at a time`);
  const outcomes = await Promise.allSettled(
    events.map((event) => {
      const data = { json: JSON.stringify(event) };
      return invoke(app, fn, [{ name: fn.trigger.name, data }, ...clientInputs(fn)]);
    }),
  );
  const failures = outcomes.filter((outcome) => outcome.status === "rejected");
  for (const { reason } of failures) {
    app.log({ level: "error", category: "eventGrid", functionName: fn.name, message: stackOf(reason) });
  }
  return failures.length > 0 ? text(500, `Exception while executing function: Functions.${fn.name}`) : empty(202);
}

const tooLarge = (detail: string): Reply => problem(413, "Batch too large", detail);

/** A body that is not JSON throws, which the host answers with 500, as recorded. */
const eventsOf = (request: HostRequest): unknown[] => {
  const parsed: unknown = JSON.parse(request.body.toString("utf8"));
  return Array.isArray(parsed) ? parsed : [parsed];
};

function validationCode([event]: readonly unknown[]): unknown {
  if (typeof event !== "object" || event === null || !("data" in event)) return undefined;
  const { data } = event;
  return typeof data === "object" && data !== null && "validationCode" in data ? data.validationCode : undefined;
}
