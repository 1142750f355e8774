import { afterEach, describe, expect, test } from "@jest/globals";
import { appFile, loadOutside } from "./support/load";
import type { TestHost, TestHostOptions } from "./support/outside";

/** In tests the host runs every episode again from its history: what differs is told, with the place. */
const outside = loadOutside();
let open: TestHost[] = [];

const start = async (options: Partial<TestHostOptions> = {}): Promise<TestHost> => {
  const app = await outside.openHost({ main: appFile("nondeterministic.cjs"), replay: "reported", ...options });
  open.push(app);
  return app;
};

afterEach(async () => {
  await Promise.all(open.map((app) => app.close()));
  open = [];
});

describe("an orchestrator that depends on", () => {
  test.each([
    ["random numbers", "random", "action 1", /^CallActivity \{"functionName":"echo","input":0\.\d+/],
    ["the wall clock", "wallClock", "action 0", /^CallActivity \{"functionName":"echo","input":\d{13}\}$/],
    ["a counter of its module", "counter", "action 0", /"input":\d+\}$/],
    ["the order of a map that outlives it", "mapOrder", "action 0", /"(?:first|second)\\"/],
    ["the environment", "environment", "action 0", /"\d\\"/],
    ["whether it is replayed", "replaying", "action 0", /^(?:CallActivity|CreateTimer) /],
    ["a counter, in its output", "output", "output", /^\d+$/],
    ["a counter, in its custom status", "status", "customStatus", /^\d+$/],
    ["a counter, in whether it throws", "sometimesThrows", "isDone", /^(?:true|false)$/],
  ])("%s is reported with the place", async (_, name, at, place) => {
    const app = await start();
    await app.start(name, null, "i");
    await app.host.idle();
    const [divergence] = app.divergences;
    expect(divergence).toMatchObject({ orchestrator: name, instanceId: "i", at });
    expect(divergence?.first).toMatch(place);
    expect(divergence?.again).toMatch(place);
    expect(divergence?.first).not.toBe(divergence?.again);
    expect(app.logs).toContainEqual(
      expect.objectContaining({
        level: "error",
        functionName: name,
        message: expect.stringContaining(`instance i, is not deterministic`),
      }),
    );
  });
});

test("a change that only a later episode shows is found there", async () => {
  const app = await start();
  await app.start("environment", null, "i");
  await app.host.idle();
  // The second run of each episode saw the same environment as the first.
  expect(app.divergences[0]?.historyEvents).toBeGreaterThan(4);
});

test("an obedient orchestrator is not reported", async () => {
  const app = await start({ replay: "checked" });
  await app.start("obedient", null, "i");
  await app.host.idle();
  expect(app.host.status("i")).toMatchObject({ runtimeStatus: "Completed" });
  expect(app.divergences).toEqual([]);
});

test("a test host fails when it is closed after a divergence", async () => {
  const app = await outside.openHost({ main: appFile("nondeterministic.cjs") });
  await app.start("counter", null, "i");
  await app.host.idle();
  await expect(app.close()).rejects.toThrow(
    /^Orchestrator counter, instance i, is not deterministic: run again over the first 2 events of its history, its action 0 is CallActivity .* the first time it was CallActivity /,
  );
});

test("without the check, as in production, every episode runs once", async () => {
  const app = await start({ replay: "off" });
  await app.start("status", null, "i");
  await app.host.idle();
  expect(app.host.status("i")).toMatchObject({ runtimeStatus: "Completed", customStatus: 2 });
});
