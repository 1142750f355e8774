const df = require("durable-functions");

const CHILDREN = 100;

/** Fans out; a parent's history has a hundred children. */
df.app.orchestration("parent", function* (context) {
  const { df: durable } = context;
  const children = Array.from({ length: CHILDREN }, (_, n) =>
    durable.callSubOrchestrator("child", { n }, `${durable.instanceId}-${n}`),
  );
  const sums = yield durable.Task.all(children);
  return sums.reduce((total, sum) => total + sum, 0);
});

df.app.orchestration("child", function* (context) {
  const { n } = context.df.getInput();
  const one = yield context.df.callActivity("increment", { n });
  return yield context.df.callActivity("increment", { n: one });
});

df.app.activity("increment", { handler: ({ n }) => n + 1 });
