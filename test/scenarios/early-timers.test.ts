import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

test("a lost request is looked for when its time has come, not over and over just before", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [], install: { cut: { when: "afterEffect" } } }]),
  });
  const [runId = ""] = await world.run("patch", ["vm"], { install: { rebootSetting: "IfRequired" } });
  expect(await world.settle()).toMatchObject([{ code: "Patched" }]);

  const asked = world.host
    .instances()
    .filter(({ instanceId }) => instanceId.startsWith(runId))
    .flatMap(({ instanceId }) => world.host.status(instanceId)?.historyEvents ?? [])
    .filter(({ FunctionName }) => FunctionName === "resolveIntent");
  // Once a little early, for durable timers fire up to a second before their time, and once in time.
  expect(asked.length).toBeLessThanOrEqual(2);
});
