// Orchestrators that break the rule: each asks for something else when it is run again.
const df = require("durable-functions");
const echo = "echo";
df.app.activity(echo, { handler: async (input) => input });
df.app.activity("changesTheEnvironment", {
  handler: async () => {
    process.env.HOST_TEST_CHANGED = String(Number(process.env.HOST_TEST_CHANGED ?? "0") + 1);
  },
});
const orchestration = (name, story) => df.app.orchestration(name, story);

orchestration("obedient", function* (context) {
  const now = yield context.df.callActivity(echo, context.df.currentUtcDateTime.toISOString());
  const id = context.df.newGuid(context.df.instanceId);
  yield context.df.Task.all([context.df.callActivity(echo, id), context.df.callActivity(echo, now)]);
  return id;
});
orchestration("random", function* (context) {
  yield context.df.callActivity(echo, "the same");
  yield context.df.callActivity(echo, Math.random());
});
orchestration("wallClock", function* (context) {
  // So that the clock has moved when this is run again.
  for (const begun = Date.now(); Date.now() < begun + 2;);
  yield context.df.callActivity(echo, Date.now());
});
let runs = 0;
orchestration("counter", function* (context) {
  yield context.df.callActivity(echo, ++runs);
});
const seen = new Map([
  ["first", 1],
  ["second", 2],
]);
orchestration("mapOrder", function* (context) {
  const [oldest] = seen.keys();
  seen.delete(oldest);
  seen.set(oldest, 1);
  for (const name of seen.keys()) yield context.df.callActivity(echo, name);
});
orchestration("environment", function* (context) {
  yield context.df.callActivity(echo, process.env.HOST_TEST_CHANGED ?? "0");
  yield context.df.callActivity("changesTheEnvironment");
  yield context.df.callActivity(echo, "the same");
});
orchestration("replaying", function* (context) {
  if (context.df.isReplaying) yield context.df.createTimer(context.df.currentUtcDateTime);
  yield context.df.callActivity(echo, 1);
});
orchestration("output", function* (context) {
  yield context.df.callActivity(echo, 1);
  return ++runs;
});
orchestration("status", function* (context) {
  context.df.setCustomStatus(++runs);
  yield context.df.callActivity(echo, 1);
});
orchestration("sometimesThrows", function* (context) {
  yield context.df.callActivity(echo, 1);
  if (++runs % 2) throw new Error("odd");
});
