import { afterEach, describe, expect, test } from "@jest/globals";
import type { ActivityDelivery, DeliveryFate } from "../../src/local/functions-host";
import type { TestHost, TestHostOptions } from "./support/outside";
import { appFile, loadOutside } from "./support/load";

/** What the recordings do not show: long times, faults, restarts and limits. */
const outside = loadOutside();
let open: TestHost[] = [];

const start = async (options: Partial<TestHostOptions> = {}): Promise<TestHost> => {
  const app = await outside.openHost({ main: appFile("triggers.cjs"), ...options });
  open.push(app);
  return app;
};

afterEach(async () => {
  await Promise.all(open.map((app) => app.close()));
  open = [];
});

describe("long timers", () => {
  test("a month passes in milliseconds, and not a second too early", async () => {
    const app = await start();
    await app.start("month", null, "m");
    await app.host.idle();
    expect(app.host.status("m")).toMatchObject({ runtimeStatus: "Completed", output: 30 });
  });

  test("one that was cancelled half way does not hold the orchestration", async () => {
    const app = await start();
    await app.start("cancelsMonth", null, "m");
    await app.pass(5 * 86_400_000);
    await app.raise("m", "go", 1);
    await app.host.idle();
    expect(app.host.status("m")).toMatchObject({ runtimeStatus: "Completed", output: "cancelled" });
    expect(app.clock.now() - outside.START).toBeLessThan(5 * 86_400_000 + 1000);
  });
});

describe("chaos", () => {
  test.each<[DeliveryFate, number, Record<string, unknown>]>([
    ["once", 1, { returned: 1 }],
    ["repeated", 2, { returned: 2 }],
    ["doubled", 2, { returned: 1 }],
    ["killedAfter", 1, { caught: "Activity function 'count' failed: node exited with code 137 (0x89)" }],
    ["killedBefore", 0, { caught: "Activity function 'count' failed: node exited with code 137 (0x89)" }],
  ])("an activity that is delivered %s runs %d times", async (fate, runs, output) => {
    const asked: ActivityDelivery[] = [];
    const app = await start({
      chaos: (delivery) => {
        asked.push(delivery);
        return fate;
      },
    });
    await app.start("counts", "key", "c");
    await app.host.idle();
    expect(app.host.status("c")).toMatchObject({ runtimeStatus: "Completed", output });
    expect((await app.call("/api/counts")).body).toEqual(runs === 0 ? {} : { key: runs });
    expect(asked).toEqual([{ name: "count", instanceId: "c", taskId: 0 }]);
  });
});

describe("a store that outlives the host", () => {
  test("gives finished and waiting orchestrations to the next host", async () => {
    const store = outside.SqliteInstanceStore.open(":memory:");
    const first = await start({ store });
    await first.start("hello", 1, "done");
    await first.start("waits", null, "waiting");
    await first.start("month", null, "month");
    await first.pass(86_400_000);
    await first.close();

    const second = await start({ store, start: outside.START + 2 * 86_400_000 });
    expect(second.host.instances()).toEqual([
      { instanceId: "done", name: "hello", runtimeStatus: "Completed" },
      { instanceId: "waiting", name: "waits", runtimeStatus: "Running" },
      { instanceId: "month", name: "month", runtimeStatus: "Running" },
    ]);
    await second.raise("waiting", "go", '"after the restart"');
    await second.host.idle();
    expect(second.host.status("waiting")).toMatchObject({ output: "after the restart" });
    expect(second.host.status("month")).toMatchObject({ output: 30 });
  });

  test("runs an activity again that was in flight, and takes up a suspension", async () => {
    const store = outside.SqliteInstanceStore.open(":memory:");
    const first = await start({ store });
    await first.start("busyFan", null, "busy");
    await first.start("waits", null, "suspended");
    await first.manage("instances/suspended/suspend?reason=night", { method: "POST" });
    await first.pass(10);
    await first.close();

    const second = await start({ store });
    await second.pass(10_000);
    expect(second.host.status("busy")).toMatchObject({ runtimeStatus: "Completed" });
    expect(second.host.status("suspended")).toMatchObject({ runtimeStatus: "Suspended", output: "night" });
  });

  test("has the finished ones alone: the host keeps none of them", async () => {
    const store = outside.SqliteInstanceStore.open(":memory:");
    const app = await start({ store });
    await app.start("hello", 1, "done");
    await app.start("waits", null, "waiting");
    await app.pass(10);
    const read: string[] = [];
    const find = store.find.bind(store);
    store.find = (instanceId) => {
      read.push(instanceId);
      return find(instanceId);
    };
    expect(app.host.status("done")).toMatchObject({ runtimeStatus: "Completed" });
    expect(app.host.status("waiting")).toMatchObject({ runtimeStatus: "Running" });
    expect(read).toEqual(["done"]);
  });

  test("forgets what was purged", async () => {
    const store = outside.SqliteInstanceStore.open(":memory:");
    const first = await start({ store });
    await first.start("hello", 1, "gone");
    await first.host.idle();
    await first.manage("instances/gone", { method: "DELETE" });
    await first.close();
    expect(store.heads()).toEqual([]);
  });
});

describe("limits", () => {
  test.each([
    [1, 1],
    [5, 5],
    [32, 12],
  ])("of %d activities at once: %d of 12 run together", async (maxConcurrentActivities, together) => {
    const app = await start({ maxConcurrentActivities });
    await app.start("busyFan", null, "busy");
    await app.host.idle();
    expect(app.host.status("busy")).toMatchObject({ output: together });
  });

  test("a thousand orchestrations of two work items end within a few seconds of wall time", async () => {
    const app = await start({ replay: "off" });
    const ids = Array.from({ length: 1000 }, (_, n) => `many-${n}`);
    for (const id of ids) await app.start("hello", id, id);
    await app.host.idle();
    expect(app.host.instances().filter(({ runtimeStatus }) => runtimeStatus === "Completed")).toHaveLength(1000);
  });
});

test("an activity that is not registered hangs, as on the real host, but the log names it", async () => {
  const app = await start();
  await app.start("unknownActivity", null, "u");
  await app.pass(86_400_000);
  expect(app.host.status("u")).toMatchObject({ runtimeStatus: "Running" });
  expect(app.logs).toContainEqual({
    ...{ level: "error", category: "durable", functionName: "unknownActivity" },
    message: expect.stringContaining('the app has no activity with the name "no-such-activity"'),
  });
});

describe("versions", () => {
  test.each([
    ["1.2.0", undefined, "Completed", "1.2.0"],
    ["1.2.0", "1.1.9", "Completed", "1.1.9"],
    ["1.2.0", "1.10.0", "Pending", null],
    [undefined, "1.0.0", "Pending", null],
    [undefined, undefined, "Completed", null],
  ])("app %s, instance %s: %s", async (defaultVersion, version, runtimeStatus, output) => {
    const app = await start(defaultVersion === undefined ? {} : { defaultVersion });
    await app.manage(`orchestrators/versioned/v${version ? `?version=${version}` : ""}`, { method: "POST" });
    await app.pass(10);
    expect(app.host.status("v")).toMatchObject({ runtimeStatus, output });
  });
});

test("the same requests give the same history, to the millisecond", async () => {
  const once = async () => {
    const app = await start();
    for (const n of [1, 2, 3]) await app.start("busyFan", n, `run-${n}`);
    await app.host.idle();
    return app.host.instances().map(({ instanceId }) => app.host.status(instanceId));
  };
  expect(await once()).toEqual(await once());
});

test("Task.any over tasks that were yielded before goes as wrong as it does in production", async () => {
  const app = await start();
  await app.start("slidingWindow", null, "s");
  await app.host.idle();
  const { output, runtimeStatus } = app.host.status("s") ?? {};
  const { body: worked } = await app.call("/api/worked");
  // durable-functions 3.5.0 emits the tasks again, and the extension schedules them again: work is done twice, and results belong to other tasks.
  expect(runtimeStatus).toBe("Completed");
  expect(output).not.toBe(Array.from({ length: 20 }, (_, n) => n).join());
  expect(worked).toEqual(expect.arrayContaining([0, 1, 1, 2, 2, 2]));
  expect((worked as number[]).length).toBeGreaterThan(20);
});

test("idle waits for what is suspended or running, and not for what was purged or terminated", async () => {
  const app = await start();
  await app.host.idle();
  await app.start("waits", null, "w");
  let idle = false;
  const waiting = app.host.idle().then(() => (idle = true));
  await app.pass(86_400_000);
  expect(idle).toBe(false);
  await app.manage("instances/w/terminate?reason=over", { method: "POST" });
  await waiting;
  expect(idle).toBe(true);
});
