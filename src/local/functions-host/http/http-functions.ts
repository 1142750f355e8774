import type { NamedData, RpcHttp } from "../core/contract";
import { invoke } from "../core/invoke";
import type { RegisteredFunction, Registry } from "../core/registry";
import { stackOf } from "../errors";
import { carriesKey, type HostKeys } from "./keys";
import { empty, type HostRequest, type Reply } from "./reply";
import { ROUTE_PREFIX, routeTemplate, type RouteTemplate } from "./route-template";

export interface HttpFunction {
  readonly fn: RegisteredFunction;
  readonly template: RouteTemplate;
  /** As written in the app, without the prefix. */
  readonly route: string;
  /** In upper case. */
  readonly methods: readonly string[];
}

/** The app's HTTP functions, the most specific route first. */
export function httpFunctions(app: Registry): HttpFunction[] {
  return app
    .withTrigger("httpTrigger")
    .map((fn) => {
      const { binding } = fn.trigger;
      const route = binding.route ?? fn.name;
      const methods = (binding.methods ?? ["GET", "POST"]).map((method) => method.toUpperCase());
      return { fn, route, methods, template: routeTemplate(fn.name, route) };
    })
    .sort((left, right) => (left.template.rank < right.template.rank ? -1 : 1));
}

/** Answers requests below `/api/`; a path or method that no function has is 404 (real-host: triggers). */
export async function answerHttp(
  app: Registry,
  functions: readonly HttpFunction[],
  keys: HostKeys,
  request: HostRequest,
  clientInputs: (fn: RegisteredFunction) => NamedData[],
): Promise<Reply> {
  if (!request.url.pathname.toLowerCase().startsWith(ROUTE_PREFIX)) return empty(404);
  for (const { fn, template, methods } of functions) {
    if (!methods.includes(request.method)) continue;
    let params: Record<string, string> | undefined;
    try {
      params = template.match(request.url.pathname);
    } catch {
      // A path with a broken percent escape.
      return empty(400);
    }
    if (!params) continue;
    if (!mayCall(fn, keys, request)) return empty(401);
    try {
      return await call(app, fn, request, params, clientInputs(fn));
    } catch (thrown) {
      app.log({ level: "error", category: "http", functionName: fn.name, message: stackOf(thrown) });
      return empty(500);
    }
  }
  return empty(404);
}

function mayCall(fn: RegisteredFunction, { functionKey, systemKey }: HostKeys, request: HostRequest): boolean {
  switch (fn.trigger.binding.authLevel?.toLowerCase() ?? "anonymous") {
    case "anonymous":
      return true;
    case "function":
      return carriesKey(request, [functionKey, systemKey]);
    default:
      return carriesKey(request, [systemKey]);
  }
}

async function call(
  app: Registry,
  fn: RegisteredFunction,
  request: HostRequest,
  params: Record<string, string>,
  inputs: readonly NamedData[],
): Promise<Reply> {
  const http: RpcHttp = {
    method: request.method,
    url: request.url.href,
    headers: request.headers,
    params,
    query: Object.fromEntries(request.url.searchParams),
    body: request.body.length > 0 ? { bytes: request.body } : null,
  };
  const metadata = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }]));
  const returned = await invoke(app, fn, [{ name: fn.trigger.name, data: { http } }, ...inputs], metadata);
  return replyFrom(fn, returned?.http);
}

function replyFrom(fn: RegisteredFunction, http: RpcHttp | undefined): Reply {
  if (!http) return empty(204);
  if (http.cookies && http.cookies.length > 0) {
    throw new Error(`Function "${fn.name}" set cookies, which the embedded host does not offer.`);
  }
  const bytes = http.body?.bytes;
  return {
    status: Number(http.statusCode ?? 200),
    headers: http.headers ?? {},
    ...(bytes && bytes.length > 0 ? { body: bytes } : {}),
  };
}
