import { InstanceExistsError, type Engine } from "../durable/engine";
import { isTerminal, type InstanceHead } from "../durable/instance";
import { CONTINUATION_HEADER, continuationOf, pageSizeOf, queryOf, tokenOf } from "./instance-query";
import { headStatus, instanceStatus } from "./instance-status";
import { managementLinks, TASK_HUB } from "./management-links";
import { empty, json, type HostRequest, type Reply } from "./reply";

/** How long a caller should wait before it asks again, in seconds. */
const RETRY_AFTER_START = "10";
const RETRY_AFTER_STATUS = "5";

export interface DurableApiRequest {
  readonly engine: Engine;
  readonly systemKey: string;
  readonly request: HostRequest;
  /** Below the API's base. */
  readonly path: string;
}

/**
 * The durable HTTP API, at the webhook as well as at the base that the durable client uses. Statuses and bodies are as
 * recorded (real-host: management-api, client-api, start-new).
 */
export function answerDurable(call: DurableApiRequest): Reply {
  const { engine, request, path } = call;
  const hub = request.url.searchParams.get("taskHub");
  if (hub !== null && hub !== TASK_HUB) return empty(404);
  const [collection, id, operation, argument, ...more] = path.split("/").filter(Boolean).map(unescaped);
  if (more.length > 0) return empty(404);
  if (collection === "entities") return json(501, { Message: "The embedded host does not offer entities." });
  if (collection === "orchestrators" && request.method === "POST" && id !== undefined && argument === undefined) {
    return start(call, id, operation);
  }
  if (collection !== "instances") return empty(404);
  if (id === undefined)
    return request.method === "GET" ? list(call) : request.method === "DELETE" ? purge(call) : empty(404);
  if (operation === undefined && request.method === "GET") return status(call, id);
  const head = engine.head(id);
  if (operation === undefined) return request.method === "DELETE" ? purgeOne(engine, head) : empty(404);
  return request.method === "POST" ? operate(call, id, head, operation, argument) : empty(404);
}

/** A percent sign that escapes nothing is one (real-host: start-new id_percent). */
const unescaped = (segment: string): string =>
  segment.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });

function start({ engine, request, systemKey }: DurableApiRequest, name: string, instanceId: string | undefined): Reply {
  // A missing input reads as "" (real-host: seq-noinput).
  const input = request.body.length === 0 ? '""' : canonicalJson(request.body);
  if (input === undefined) return invalidJson;
  const version = request.url.searchParams.get("version") ?? undefined;
  return started(request, systemKey, () => engine.start({ name, instanceId, input, version }));
}

function started(request: HostRequest, systemKey: string, startNow: () => string): Reply {
  try {
    const { rewindPostUri: _, ...links } = managementLinks(request.url.origin, systemKey, startNow());
    return json(202, links, {
      location: encodeURI(links["statusQueryGetUri"] ?? ""),
      "retry-after": RETRY_AFTER_START,
    });
  } catch (thrown) {
    if (thrown instanceof InstanceExistsError) return json(409, { Message: thrown.message });
    throw thrown;
  }
}

function status({ engine, request }: DurableApiRequest, id: string): Reply {
  const query = request.url.searchParams;
  const input = query.get("showInput") !== "false";
  const historyOutput = query.get("showHistoryOutput") === "true";
  const instance = query.get("showHistory") === "true" ? engine.get(id) : undefined;
  const head = instance ?? engine.head(id);
  if (!head) return empty(404);
  const body = instance ? instanceStatus(instance, { input, historyOutput }) : headStatus(head, { input });
  if (!isTerminal(head)) return json(202, body, { location: request.url.href, "retry-after": RETRY_AFTER_STATUS });
  const asError = head.status === "Failed" && query.get("returnInternalServerErrorOnFailure") === "true";
  return json(asError ? 500 : 200, body);
}

function list({ engine, request }: DurableApiRequest): Reply {
  const query = request.url.searchParams;
  const shown = { input: query.get("showInput") !== "false" };
  const fromId = continuationOf(request.headers[CONTINUATION_HEADER]);
  const { heads, next } = engine.page(queryOf(query), pageSizeOf(query), fromId);
  return json(
    200,
    heads.map((head) => headStatus(head, shown)),
    next === undefined ? {} : { [CONTINUATION_HEADER]: tokenOf(next) },
  );
}

function purge({ engine, request }: DurableApiRequest): Reply {
  const query = request.url.searchParams;
  if (!query.has("createdTimeFrom")) return json(400, "Please provide value for 'createdTimeFrom' parameter.");
  let instancesDeleted = 0;
  let fromId: string | undefined;
  do {
    const page = engine.page(queryOf(query), pageSizeOf(query), fromId);
    const ended = page.heads.filter(isTerminal);
    for (const { instanceId } of ended) engine.purge(instanceId);
    instancesDeleted += ended.length;
    fromId = page.next;
  } while (fromId !== undefined);
  return instancesDeleted > 0 ? json(200, { instancesDeleted }) : empty(404);
}

function purgeOne(engine: Engine, instance: InstanceHead | undefined): Reply {
  if (!instance) return empty(404);
  if (!isTerminal(instance)) {
    return json(
      412,
      `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ` +
        `${instance.instanceId} has status ${instance.status}`,
    );
  }
  engine.purge(instance.instanceId);
  return json(200, { instancesDeleted: 1 });
}

function operate(
  call: DurableApiRequest,
  id: string,
  instance: InstanceHead | undefined,
  operation: string,
  argument: string | undefined,
): Reply {
  const { engine, request } = call;
  const reason = request.url.searchParams.get("reason") ?? "";
  switch (operation.toLowerCase()) {
    case "raiseevent":
      return argument === undefined ? empty(404) : unlessOver(instance, () => raise(call, id, argument));
    case "terminate":
      return unlessOver(instance, () => accepted(() => engine.terminate(id, reason)));
    case "suspend":
      return unlessOver(instance, ({ status: now }) =>
        now === "Suspended" ? wrongState("suspend", id, now) : accepted(() => engine.suspend(id, reason)),
      );
    case "resume":
      return unlessOver(instance, ({ status: now }) =>
        now === "Suspended" ? accepted(() => engine.resume(id, reason)) : wrongState("resume", id, now),
      );
    case "restart":
      return restart(call, id, instance);
    case "rewind":
      return rewind(id, instance);
    default:
      return empty(404);
  }
}

const unlessOver = (instance: InstanceHead | undefined, act: (instance: InstanceHead) => Reply): Reply =>
  !instance ? empty(404) : isTerminal(instance) ? empty(410) : act(instance);

const accepted = (act: () => void): Reply => {
  act();
  return empty(202);
};

function raise({ engine, request }: DurableApiRequest, id: string, name: string): Reply {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return json(400, { Message: "Only application/json request content is supported" });
  }
  const input = canonicalJson(request.body);
  return input === undefined ? invalidJson : accepted(() => engine.raiseEvent(id, name, input));
}

function restart(
  { engine, request, systemKey }: DurableApiRequest,
  id: string,
  instance: InstanceHead | undefined,
): Reply {
  if (!instance) {
    return json(400, {
      Message: "InstanceId does not match a valid orchestration instance.",
      ExceptionMessage: `No instance with ID '${id}' was found. (Parameter 'instanceId')`,
      ExceptionType: "System.ArgumentException",
    });
  }
  const keepsId = request.url.searchParams.get("restartWithNewInstanceId") === "false";
  const { name, input } = instance;
  return started(request, systemKey, () =>
    engine.start({ name, input: input ?? "null", instanceId: keepsId ? id : undefined }),
  );
}

function rewind(id: string, instance: InstanceHead | undefined): Reply {
  if (!instance) return json(404, `No orchestration with instance ID "$${id}" found.`);
  if (instance.status !== "Failed") {
    const now = `This orchestration has status ${instance.status}`;
    return json(412, `${now}, but only orchestrations in the "Failed" state can be rewound.`);
  }
  return json(501, "The embedded host does not offer rewind. Start the orchestration again instead.");
}

const wrongState = (verb: string, id: string, now: string): Reply =>
  json(500, {
    Message: "Something went wrong while processing your request",
    ExceptionMessage: `Cannot ${verb} the orchestration instance ${id} because instance is in the ${now} state.`,
    ExceptionType: "System.InvalidOperationException",
  });

const invalidJson: Reply = json(400, { Message: "Invalid JSON content" });

/** The JSON text without white space; undefined when it is not JSON. */
const canonicalJson = (body: Buffer): string | undefined => {
  try {
    return JSON.stringify(JSON.parse(body.toString("utf8")));
  } catch {
    return undefined;
  }
};
