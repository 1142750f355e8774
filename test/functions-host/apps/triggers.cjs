const df = require("durable-functions");
const { app } = require("@azure/functions");

const seen = [];

app.http("ping", { methods: ["GET"], handler: async () => ({ jsonBody: { ok: 1 } }) });
app.http("seen", { methods: ["GET"], handler: async () => ({ jsonBody: seen }) });
app.http("boom", {
  handler: async () => {
    throw new Error("http boom");
  },
});
app.http("nothing", { methods: ["GET"], handler: async () => undefined });
app.http("cookie", { methods: ["GET"], handler: async () => ({ cookies: [{ name: "a", value: "b" }] }) });
app.http("keyed", { methods: ["GET"], authLevel: "function", handler: async () => ({ body: "ok" }) });
app.http("admin-only", { methods: ["GET"], authLevel: "admin", handler: async () => ({ body: "ok" }) });
app.http("repeat", {
  methods: ["POST"],
  handler: async (request, context) => {
    context.log("echoing");
    return { status: 201, headers: { "x-kind": request.headers.get("x-kind") }, body: await request.text() };
  },
});
app.http("item", {
  methods: ["GET"],
  route: "items/{id:int}",
  handler: async (request) => ({ jsonBody: request.params }),
});
app.http("item-by-name", {
  methods: ["GET"],
  route: "items/{name}",
  handler: async (request) => ({ jsonBody: { byName: request.params.name, q: request.query.get("q") } }),
});
app.http("latest", { methods: ["GET"], route: "items/latest", handler: async () => ({ jsonBody: "latest" }) });
app.http("maybe", {
  methods: ["GET"],
  route: "maybe/{a?}",
  handler: async (request) => ({ jsonBody: request.params }),
});
app.http("rest", {
  methods: ["GET"],
  route: "vms/{*rest}",
  handler: async (request) => ({ jsonBody: request.params }),
});
app.http("remove", { methods: ["DELETE"], route: "items/{id:int}", handler: async () => ({ status: 204 }) });

df.app.activity("echo", { handler: async (input) => input });
df.app.activity("starter", {
  extraInputs: [df.input.durableClient()],
  handler: async (id, context) =>
    df.getClient(context).startNew("hello", { instanceId: id, input: "from an activity" }),
});
df.app.orchestration("hello", function* (context) {
  return yield context.df.callActivity("echo", { hello: context.df.getInput() });
});
df.app.orchestration("startsAnother", function* (context) {
  return yield context.df.callActivity("starter", "started-by-activity");
});
df.app.orchestration("waits", function* (context) {
  return yield context.df.waitForExternalEvent("go");
});
df.app.orchestration("fails", function* () {
  throw new Error("on purpose");
});
df.app.orchestration("month", function* (context) {
  const start = +context.df.currentUtcDateTime;
  yield context.df.createTimer(new Date(start + 30 * 86_400_000));
  return (+context.df.currentUtcDateTime - start) / 86_400_000;
});
df.app.orchestration("cancelsMonth", function* (context) {
  const month = context.df.createTimer(new Date(+context.df.currentUtcDateTime + 30 * 86_400_000));
  const go = context.df.waitForExternalEvent("go");
  yield context.df.Task.any([go, month]);
  month.cancel();
  return yield context.df.callActivity("echo", "cancelled");
});
df.app.orchestration("unknownActivity", function* (context) {
  yield context.df.callActivity("no-such-activity", 1);
});
df.app.orchestration("versioned", function* (context) {
  return context.df.version;
});

const counts = {};
df.app.activity("count", {
  handler: async (key) => {
    counts[key] = (counts[key] ?? 0) + 1;
    return counts[key];
  },
});
df.app.orchestration("counts", function* (context) {
  try {
    return { returned: yield context.df.callActivity("count", context.df.getInput()) };
  } catch (error) {
    return { caught: error.message.split(" \n ")[0] };
  }
});
app.http("count-of", { route: "counts", methods: ["GET"], handler: async () => ({ jsonBody: counts }) });

let running = 0;
let most = 0;
df.app.activity("busy", {
  handler: async () => {
    most = Math.max(most, ++running);
    const clock = globalThis.hostTestClock;
    await new Promise((resolve) => clock.at(clock.now() + 1000, resolve));
    running--;
    return most;
  },
});
df.app.orchestration("busyFan", function* (context) {
  const tasks = Array.from({ length: 12 }, () => context.df.callActivity("busy"));
  return Math.max(...(yield context.df.Task.all(tasks)));
});

df.app.client.http("client", {
  route: "client/{op}",
  methods: ["POST"],
  handler: async (request, client) => {
    const { args } = JSON.parse(await request.text());
    try {
      const result = await client[request.params.op](...args);
      return { jsonBody: { ok: result === undefined ? "<<undefined>>" : result } };
    } catch (error) {
      return { status: 500, jsonBody: { caught: error.message } };
    }
  },
});
df.app.client.http("check", {
  route: "check/{name}",
  methods: ["POST"],
  handler: async (request, client) =>
    client.createCheckStatusResponse(request, await client.startNew(request.params.name, {})),
});

df.app.client.eventGrid("onEvent", {
  handler: async (event, client) => {
    seen.push(event);
    if (event.eventType === "Fail") throw new Error("event handler failed");
    await client.startNew("hello", { instanceId: `event-${event.id}`, input: event.data });
  },
});

const record = (name) => (timer) =>
  seen.push({ name, at: new Date(globalThis.hostTestClock.now()).toISOString(), timer });
if (process.env.TIMERS) {
  app.timer("everyHour", { schedule: "%HOURLY%", handler: record("everyHour") });
  df.app.client.timer("every20s", { schedule: "*/20 * * * * *", handler: (timer) => record("every20s")(timer) });
  app.timer("throws", {
    schedule: "0 30 * * * *",
    handler: async () => {
      throw new Error("timer boom");
    },
  });
}

app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName === "hooked") context.inputs = ["changed"];
});
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName === "hooked") context.result = { jsonBody: `${context.result.body}!` };
});
app.http("hooked", { methods: ["GET"], handler: async (request) => ({ body: request }) });

const worked = [];
df.app.activity("work", {
  handler: async (n) => {
    worked.push(n);
    const clock = globalThis.hostTestClock;
    await new Promise((resolve) => clock.at(clock.now() + 2 + ((n * 7) % 8), resolve));
    return n;
  },
});
df.app.orchestration("slidingWindow", function* (context) {
  const todo = Array.from({ length: 20 }, (_, n) => n);
  const open = [];
  const done = [];
  while (todo.length > 0 || open.length > 0) {
    while (open.length < 4 && todo.length > 0) open.push(context.df.callActivity("work", todo.shift()));
    const winner = yield context.df.Task.any(open);
    open.splice(open.indexOf(winner), 1);
    done.push(winner.result);
  }
  return done.sort((left, right) => left - right).join();
});
app.http("worked", { methods: ["GET"], handler: async () => ({ jsonBody: worked }) });
