// The app behind the recordings in ../golden, without the entity itself; `sleep` waits in the test's time.
const df = require("durable-functions");
const { app } = require("@azure/functions");
// Simulated time: the test's clock.
const sleep = (ms) =>
  new Promise((r) => {
    const clock = globalThis.hostTestClock;
    clock.at(clock.now() + ms, r);
  });
const O = (n, f) => df.app.orchestration(n, f),
  A = (n, handler) => df.app.activity(n, { handler });
const at = (c, ms) => new Date(+c.df.currentUtcDateTime + ms);
const err = (e) => ({
  ctor: e && e.constructor && e.constructor.name,
  name: e && e.name,
  message: e && e.message,
  str: String(e),
  isTFE: !!(df.TaskFailedError && e instanceof df.TaskFailedError),
  failureDetails: e && e.failureDetails && JSON.parse(JSON.stringify(e.failureDetails)),
  errors: e && e.errors && e.errors.map((x) => x.message),
  stackHead: e && e.stack && e.stack.split("\n").slice(0, 3),
});
class QuotaError extends Error {
  constructor(m) {
    super(m);
    this.name = "QuotaError";
    this.code = "E42";
  }
}
A("echo", async (i) => {
  // Where requests follow each other in less time than an orchestration took.
  if (process.env.ECHO_MS) await sleep(Number(process.env.ECHO_MS));
  return i;
});
A("sleep", async (ms) => {
  await sleep(ms);
  return "slept " + ms;
});
A("fail", async (i) => {
  throw new TypeError("always: " + JSON.stringify(i));
});
A("failCustom", async () => {
  throw new QuotaError("custom boom");
});
A("failCause", async () => {
  throw new Error("outer", { cause: new RangeError("inner") });
});
A("failString", async () => {
  throw "just a string";
});
A("undef", async () => undefined);
A("nul", async () => null);
A("date", async () => new Date(0));
A("big", async (n) => "x".repeat(n));
A("unicode", async () => "čšž 日本 😀");
A("item", async ({ i, failAt, ms }) => {
  if (ms) await sleep(ms);
  if (i === failAt) throw new Error("item " + i + " failed");
  return i * 2;
});
const flaky = {};
A("flaky", async ({ key, failures }) => {
  const n = (flaky[key] = (flaky[key] || 0) + 1);
  if (n <= failures) throw new Error(`attempt ${n} failed`);
  return `ok on attempt ${n}`;
});
O("seq", function* (c) {
  const a = yield c.df.callActivity("echo", { step: 1, in: c.df.getInput() });
  const b = yield c.df.callActivity("echo", { step: 2, a });
  return yield c.df.callActivity("echo", { step: 3, b });
});
O("fanAll", function* (c) {
  const { n, failAt, ms } = c.df.getInput();
  const t = [];
  for (let i = 0; i < n; i++) t.push(c.df.callActivity("item", { i, failAt, ms }));
  const r = yield c.df.Task.all(t);
  return { count: r.length, sum: r.reduce((a, b) => a + b, 0), first: r.slice(0, 3) };
});
O("fanAllCaught", function* (c) {
  const { n, failAt, ms } = c.df.getInput();
  const t = [];
  for (let i = 0; i < n; i++) t.push(c.df.callActivity("item", { i, failAt, ms }));
  try {
    yield c.df.Task.all(t);
  } catch (e) {
    const done = t.filter((x) => x.isCompleted).length,
      faulted = t.filter((x) => x.isFaulted).length;
    return { caught: err(e), done, faulted };
  }
});
O("fanAllTwoFail", function* (c) {
  const t = [c.df.callActivity("fail", 1), c.df.callActivity("fail", 2), c.df.callActivity("echo", 3)];
  try {
    yield c.df.Task.all(t);
  } catch (e) {
    return { caught: err(e) };
  }
});
O("fanEmpty", function* (c) {
  return yield c.df.Task.all([]);
});
O("fan500", function* (c) {
  const n = c.df.getInput();
  const t = [];
  for (let i = 0; i < n; i++) t.push(c.df.callActivity("echo", i));
  return (yield c.df.Task.all(t)).length;
});
O("sub20", function* (c) {
  const { subs, acts } = c.df.getInput();
  const t = [];
  for (let i = 0; i < subs; i++) t.push(c.df.callSubOrchestrator("fan500", acts, c.df.instanceId + ":" + i));
  return (yield c.df.Task.all(t)).reduce((a, b) => a + b, 0);
});
O("race", function* (c) {
  const { timerMs, actMs, cancel } = c.df.getInput();
  const t = c.df.createTimer(at(c, timerMs)),
    a = c.df.callActivity("sleep", actMs);
  const w = yield c.df.Task.any([a, t]);
  if (w === t) return { winner: "timer", timer: { isCompleted: t.isCompleted, isCanceled: t.isCanceled } };
  if (cancel) t.cancel();
  return { winner: "activity", result: a.result, timer: { isCompleted: t.isCompleted, isCanceled: t.isCanceled } };
});
O("raceFail", function* (c) {
  const t = c.df.createTimer(at(c, 20000)),
    a = c.df.callActivity("fail", 1);
  try {
    const w = yield c.df.Task.any([a, t]);
    t.cancel();
    return {
      winner: w === a ? "activity" : "timer",
      isFaulted: a.isFaulted,
      isCompleted: a.isCompleted,
      result: a.result && err(a.result),
    };
  } catch (e) {
    t.cancel();
    return { threw: err(e), isFaulted: a.isFaulted };
  }
});
O("evt", function* (c) {
  const o = c.df.getInput() || {};
  if (o.preSleep) yield c.df.callActivity("sleep", o.preSleep);
  const r = [];
  for (let i = 0; i < (o.n || 1); i++) r.push(yield c.df.waitForExternalEvent(o.name || "go"));
  return r;
});
O("evtTwoWaits", function* (c) {
  const a = c.df.waitForExternalEvent("go"),
    b = c.df.waitForExternalEvent("go");
  const r = yield c.df.Task.all([a, b]);
  return r;
});
O("evtTimeout", function* (c) {
  const e = c.df.waitForExternalEvent("go"),
    t = c.df.createTimer(at(c, 1500));
  const w = yield c.df.Task.any([e, t]);
  if (w === e) {
    t.cancel();
    return { got: e.result };
  }
  return "timeout";
});
O("timerPast", function* (c) {
  yield c.df.createTimer(at(c, -5000));
  return "fired";
});
O("timer", function* (c) {
  const t0 = +c.df.currentUtcDateTime;
  yield c.df.createTimer(at(c, c.df.getInput()));
  return { ms: +c.df.currentUtcDateTime - t0 };
});
O("timerNotCancelled", function* (c) {
  c.df.createTimer(at(c, 15000));
  return "returned with an open timer";
});
O("canCounter", function* (c) {
  const s = c.df.getInput();
  const v = yield c.df.waitForExternalEvent("add");
  const n = { left: s.left - 1, got: [...s.got, v] };
  if (n.left > 0) {
    c.df.continueAsNew(n);
    return;
  }
  return n;
});
O("canLoop", function* (c) {
  const n = c.df.getInput();
  yield c.df.callActivity("echo", n);
  c.df.setCustomStatus({ gen: n });
  if (n < 5) {
    c.df.continueAsNew(n + 1);
    return;
  }
  return "n=" + n;
});
O("child", function* (c) {
  const i = c.df.getInput();
  const r = yield c.df.callActivity("echo", i);
  return { r, id: c.df.instanceId, parent: c.df.parentInstanceId };
});
O("childFail", function* (c) {
  yield c.df.callActivity("fail", c.df.getInput());
});
O("childThrow", function* () {
  throw new QuotaError("child threw");
});
O("childWait", function* (c) {
  return yield c.df.waitForExternalEvent("go");
});
O("subExplicit", function* (c) {
  return yield c.df.callSubOrchestrator("child", "x", c.df.instanceId + "-kid");
});
O("subImplicit", function* (c) {
  const r = yield c.df.callSubOrchestrator("child", "x");
  return { ...r, id: r.id.replace(/[0-9a-f]{32}|[0-9a-f-]{36}/, "<guid>"), rawLen: r.id.length };
});
O("subTwice", function* (c) {
  const id = c.df.instanceId + "-kid";
  const a = yield c.df.callSubOrchestrator("child", 1, id);
  const b = yield c.df.callSubOrchestrator("child", 2, id);
  return [a, b];
});
O("subExistingRunning", function* (c) {
  try {
    return { r: yield c.df.callSubOrchestrator("child", 1, c.df.getInput()) };
  } catch (e) {
    return { caught: err(e) };
  }
});
O("subFail", function* (c) {
  try {
    yield c.df.callSubOrchestrator("childFail", 1, c.df.instanceId + "-kid");
  } catch (e) {
    return { caught: err(e) };
  }
});
O("subFailUncaught", function* (c) {
  yield c.df.callSubOrchestrator("childFail", 1, c.df.instanceId + "-kid");
});
O("subThrow", function* (c) {
  try {
    yield c.df.callSubOrchestrator("childThrow", 1);
  } catch (e) {
    return { caught: err(e) };
  }
});
O("subParentWait", function* (c) {
  return yield c.df.callSubOrchestrator("childWait", null, c.df.instanceId + "-kid");
});
O("subUnknown", function* (c) {
  try {
    yield c.df.callSubOrchestrator("nope", 1);
  } catch (e) {
    return { caught: err(e) };
  }
});
O("retryOk", function* (c) {
  return yield c.df.callActivityWithRetry("flaky", new df.RetryOptions(200, 5), { key: c.df.instanceId, failures: 2 });
});
O("retryBackoff", function* (c) {
  const r = new df.RetryOptions(200, 5);
  r.backoffCoefficient = 2;
  r.maxRetryIntervalInMilliseconds = 500;
  return yield c.df.callActivityWithRetry("flaky", r, { key: c.df.instanceId, failures: 4 });
});
O("retryExhaust", function* (c) {
  try {
    yield c.df.callActivityWithRetry("flaky", new df.RetryOptions(200, 3), { key: c.df.instanceId, failures: 99 });
  } catch (e) {
    return { caught: err(e) };
  }
});
O("retryExhaustUncaught", function* (c) {
  yield c.df.callActivityWithRetry("flaky", new df.RetryOptions(200, 2), { key: c.df.instanceId, failures: 99 });
});
O("retryTimeout", function* (c) {
  const r = new df.RetryOptions(500, 10);
  r.retryTimeoutInMilliseconds = 1200;
  try {
    yield c.df.callActivityWithRetry("flaky", r, { key: c.df.instanceId, failures: 99 });
  } catch (e) {
    return { caught: err(e) };
  }
});
O("retrySub", function* (c) {
  try {
    yield c.df.callSubOrchestratorWithRetry("childFail", new df.RetryOptions(200, 2), 7, c.df.instanceId + "-kid");
  } catch (e) {
    return { caught: err(e) };
  }
});
O("custom", function* (c) {
  c.df.setCustomStatus("stage-1");
  yield c.df.callActivity("echo", 1);
  c.df.setCustomStatus({ pct: 50, tags: ["a", null] });
  yield c.df.waitForExternalEvent("go");
  c.df.setCustomStatus(null);
  return "ok";
});
O("customBig", function* (c) {
  c.df.setCustomStatus("x".repeat(20000));
  yield c.df.callActivity("echo", 1);
  return "ok";
});
O("failUncaught", function* (c) {
  yield c.df.callActivity("fail", { q: 1 });
});
O("failCaught", function* (c) {
  const o = {};
  for (const n of ["fail", "failCustom", "failCause", "failString"]) {
    try {
      yield c.df.callActivity(n, 1);
    } catch (e) {
      o[n] = err(e);
    }
  }
  return o;
});
O("failCustomUncaught", function* (c) {
  yield c.df.callActivity("failCustom", 1);
});
O("throwError", function* () {
  throw new QuotaError("orchestrator threw");
});
O("throwString", function* () {
  throw "plain string";
});
O("throwAfterCustom", function* (c) {
  c.df.setCustomStatus({ a: 1 });
  yield c.df.callActivity("echo", 1);
  throw new Error("late");
});
O("actUnknown", function* (c) {
  try {
    yield c.df.callActivity("doesNotExist", 1);
  } catch (e) {
    return { caught: err(e) };
  }
});
O("values", function* (c) {
  const o = {};
  for (const n of ["undef", "nul", "date", "unicode"]) {
    const v = yield c.df.callActivity(n);
    o[n] = v === undefined ? "<<undefined>>" : v;
  }
  return o;
});
O("bigOut", function* (c) {
  const s = yield c.df.callActivity("big", c.df.getInput());
  return { len: s.length, s };
});
O("retUndef", function* () {
  return undefined;
});
O("retNull", function* () {
  return null;
});
O("yieldNonTask", function* () {
  const v = yield 5;
  return { v };
});
O("yieldPromise", function* () {
  const v = yield Promise.resolve(5);
  return { v: String(v) };
});
O("nondet", function* (c) {
  if (!c.df.isReplaying) yield c.df.callActivity("echo", 1);
  else yield c.df.createTimer(at(c, 100));
  yield c.df.callActivity("echo", 2);
  return "done";
});
let hostRuns = 0;
O("nondetName", function* (c) {
  hostRuns++;
  yield c.df.callActivity(hostRuns % 2 ? "echo" : "undef", 1);
  yield c.df.callActivity("echo", 2);
  return "done";
});
O("guid", function* (c) {
  const a = c.df.newGuid("a"),
    b = c.df.newGuid("a");
  yield c.df.callActivity("echo", 1);
  return { a, b, same: a === b };
});
O("infinite", function* (c) {
  let i = 0;
  for (;;) {
    yield c.df.createTimer(at(c, 500));
    c.df.setCustomStatus({ i: ++i });
  }
});
O("rewindable", function* (c) {
  const a = yield c.df.callActivity("echo", "before");
  const b = yield c.df.callActivity("flaky", { key: "rw-" + c.df.instanceId, failures: 1 });
  const d = yield c.df.callActivity("echo", "after");
  return [a, b, d];
});
O("rewindSub", function* (c) {
  return yield c.df.callSubOrchestrator("rewindable", 1, c.df.instanceId + "-kid");
});
O("fanMixedRewind", function* (c) {
  const t = [];
  for (let i = 0; i < 4; i++)
    t.push(c.df.callActivity("flaky", { key: c.df.instanceId + i, failures: i === 2 ? 1 : 0 }));
  return yield c.df.Task.all(t);
});
O("fanAllSettledPattern", function* (c) {
  const t = [];
  for (let i = 0; i < 5; i++) t.push(c.df.callActivity("item", { i, failAt: 3 }));
  const o = [];
  for (const x of t) {
    try {
      o.push(yield x);
    } catch (e) {
      o.push("E:" + e.message.slice(0, 60));
    }
  }
  return o;
});
O("anyOfSubs", function* (c) {
  const s = [
    c.df.callSubOrchestrator("timer", 4000, c.df.instanceId + "-a"),
    c.df.callSubOrchestrator("child", "quick", c.df.instanceId + "-b"),
  ];
  const w = yield c.df.Task.any(s);
  return { winner: s.indexOf(w), result: w.result };
});
O("detached", function* (c) {
  yield c.df.callActivity("startDetached", c.df.instanceId + "-detached");
  return "parent done";
});
A("startDetached", async (id) => "noop " + id);
O("longHistory", function* (c) {
  for (let i = 0; i < c.df.getInput(); i++) yield c.df.callActivity("echo", i);
  return "ok";
});
O("bigInput", function* (c) {
  return c.df.getInput().length;
});
O("allOfAny", function* (c) {
  const t1 = c.df.createTimer(at(c, 60000));
  const w = yield c.df.Task.any([c.df.Task.all([c.df.callActivity("echo", 1), c.df.callActivity("echo", 2)]), t1]);
  t1.cancel();
  return { same: w === t1, result: w.result };
});
O("doneThenActs", function* (c) {
  c.df.callActivity("echo", "never yielded");
  c.df.signalEntity(new df.EntityId("counter", "dta-" + c.df.instanceId), "add", 1);
  return "done";
});
O("http", function* (c) {
  return yield c.df.callHttp({ method: "GET", url: c.df.getInput() });
});
O("ent", function* (c) {
  const id = new df.EntityId("counter", c.df.instanceId);
  c.df.signalEntity(id, "add", 2);
  yield c.df.callActivity("echo", 1);
  c.df.signalEntity(id, "add", 3);
  const v = yield c.df.callEntity(id, "get");
  let bad;
  try {
    yield c.df.callEntity(id, "boom");
  } catch (e) {
    bad = err(e);
  }
  const after = yield c.df.callEntity(id, "get");
  return { v, bad, after };
});
O("entLock", function* (c) {
  const id = new df.EntityId("counter", "lock-" + c.df.instanceId);
  try {
    const l = yield c.df.lock(id);
    yield c.df.callEntity(id, "add", 5);
    const v = yield c.df.callEntity(id, "get");
    l.release();
    return { v, locked: c.df.isLocked() };
  } catch (e) {
    return { caught: err(e) };
  }
});
O("entUnknown", function* (c) {
  try {
    return { r: yield c.df.callEntity(new df.EntityId("nope", "k"), "get") };
  } catch (e) {
    return { caught: err(e) };
  }
});
O("catchThenContinue", function* (c) {
  try {
    yield c.df.callActivity("fail", 1);
  } catch {
    c.df.setCustomStatus("compensating");
    yield c.df.callActivity("echo", "undo");
    throw new Error("after compensation");
  }
});
O("dateTime", function* (c) {
  const a = c.df.currentUtcDateTime;
  yield c.df.callActivity("sleep", 1100);
  const b = c.df.currentUtcDateTime;
  return { a, b, diff: b - a, type: a instanceof Date };
});
O("continueAsNewAfterTimerPending", function* (c) {
  const n = c.df.getInput() || 0;
  if (n >= 2) return "gen " + n;
  const t = c.df.createTimer(at(c, 30000));
  const a = c.df.callActivity("echo", n);
  yield c.df.Task.any([a, t]);
  t.cancel();
  c.df.continueAsNew(n + 1);
});
df.app.setExceptionPropertiesProvider(
  process.env.EXPROP
    ? { getExceptionProperties: (e) => ({ code: (e && e.code) || null, kind: (e && e.name) || typeof e }) }
    : undefined,
);
// --- clients
app.http("ping", { methods: ["GET"], handler: async () => ({ jsonBody: { ok: 1 } }) });
df.app.client.http("start", {
  route: "start/{name}",
  methods: ["POST"],
  handler: async (req, client) => {
    const t = await req.text();
    const input = t ? JSON.parse(t) : undefined;
    try {
      const id = await client.startNew(req.params.name, { input, instanceId: req.query.get("id") || undefined });
      return client.createCheckStatusResponse(req, id);
    } catch (e) {
      return { status: 500, jsonBody: { caught: err(e) } };
    }
  },
});
df.app.client.http("startWait", {
  route: "startWait/{name}",
  methods: ["POST"],
  handler: async (req, client) => {
    const t = await req.text();
    const id = await client.startNew(req.params.name, { input: t ? JSON.parse(t) : undefined });
    // The library asks again on the wall clock: twenty times as fast here.
    return client.waitForCompletionOrCreateCheckStatusResponse(req, id, {
      timeoutInMilliseconds: +(req.query.get("timeout") || 5000) / 20,
      retryIntervalInMilliseconds: 10,
    });
  },
});
df.app.client.http("client", {
  route: "client/{op}",
  methods: ["POST"],
  handler: async (req, client) => {
    const b = JSON.parse(await req.text());
    const args = b.args.map((a) => (a && a.$entity ? new df.EntityId(...a.$entity) : a));
    try {
      const r = await client[req.params.op](...args);
      return { jsonBody: { ok: r === undefined ? "<<undefined>>" : r } };
    } catch (e) {
      return { status: 500, jsonBody: { caught: err(e) } };
    }
  },
});
df.app.client.http("payload", {
  route: "payload/{id}",
  methods: ["GET"],
  handler: async (req, client) => ({
    jsonBody: {
      payload: client.createHttpManagementPayload(req.params.id),
      clientKeys: Object.keys(client),
      origins: client.uniqueWebhookOrigins,
      taskHubName: client.taskHubName,
    },
  }),
});
const seen = [];
app.http("seen", { methods: ["GET"], handler: async () => ({ jsonBody: seen }) });
df.app.client.eventGrid("onEg", {
  handler: async (e, client, ctx) => {
    seen.push({ eg: e });
    if (e.eventType === "Fail") throw new Error("eg handler failed");
    const id = await client.startNew("seq", { input: e.data, instanceId: "eg-" + e.id });
    seen.push({ egStarted: id });
  },
});
df.app.client.timer("tick", {
  schedule: "*/20 * * * * *",
  handler: async (t, client) => {
    if (seen.filter((s) => s.timer).length < 3) seen.push({ timer: t });
  },
});
app.http("boom", {
  methods: ["GET", "POST"],
  handler: async () => {
    throw new Error("http boom");
  },
});
app.http("keyed", { methods: ["GET"], authLevel: "function", handler: async () => ({ body: "ok" }) });
O("allFailThenUndo", function* (c) {
  const t = [c.df.callActivity("fail", 1), c.df.callActivity("sleep", 3000)];
  try {
    yield c.df.Task.all(t);
  } catch (e) {
    c.df.setCustomStatus("caught");
    const u = yield c.df.callActivity("echo", "undo");
    return { u, sleepDone: t[1].isCompleted };
  }
});
O("anyThenActivity", function* (c) {
  const t = [c.df.callActivity("echo", 1), c.df.callActivity("sleep", 3000)];
  yield c.df.Task.any(t);
  const u = yield c.df.callActivity("echo", "next");
  return { u, sleepDone: t[1].isCompleted };
});
O("sequentialWatch", function* (c) {
  const s = c.df.callActivity("sleep", 3000);
  const e = c.df.waitForExternalEvent("stop");
  const w = yield c.df.Task.any([s, e]);
  if (w === e) {
    c.df.continueAsNew("second");
    return;
  }
  return "slept";
});
