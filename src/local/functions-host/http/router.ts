import type { NamedData } from "../core/contract";
import type { RegisteredFunction, Registry } from "../core/registry";
import type { Engine } from "../durable/engine";
import { answerDurable } from "./durable-api";
import { answerEventGrid, EVENT_GRID_PATH } from "./event-grid";
import { answerHttp, type HttpFunction } from "./http-functions";
import { carriesKey, sameKey, type HostKeys } from "./keys";
import { RPC_PATH, WEBHOOK_PATH } from "./management-links";
import { unauthorized, type HostRequest, type Reply } from "./reply";

export interface Serving {
  readonly app: Registry;
  readonly routes: readonly HttpFunction[];
  readonly engine: Engine;
  readonly keys: HostKeys;
  readonly clientInputs: (fn: RegisteredFunction) => NamedData[];
}

/** Event Grid's webhook, the durable API (at the webhook, and at the base of the durable client), then the app. */
export async function route(
  { app, routes, engine, keys, clientInputs }: Serving,
  request: HostRequest,
): Promise<Reply> {
  const { pathname } = request.url;
  const lower = pathname.toLowerCase();
  const { systemKey } = keys;
  if (lower === EVENT_GRID_PATH) return answerEventGrid(app, systemKey, request, clientInputs);
  if (lower.startsWith(`${WEBHOOK_PATH}/`)) {
    if (!carriesKey(request, [systemKey])) return unauthorized;
    return answerDurable({ engine, systemKey, request, path: pathname.slice(WEBHOOK_PATH.length) });
  }
  if (pathname.startsWith(RPC_PATH)) {
    const [secret = "", ...path] = pathname.slice(RPC_PATH.length).split("/");
    if (!sameKey(secret, keys.rpcSecret)) return unauthorized;
    return answerDurable({ engine, systemKey, request, path: path.join("/") });
  }
  return answerHttp(app, routes, keys, request, clientInputs);
}
