import { readFileSync } from "node:fs";
import type vm from "node:vm";
import { expect, test } from "@jest/globals";
import { activityContracts } from "../../src/contracts/activities";
import { orchestrationNames, triggerNames } from "../../src/contracts/names";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld } from "../support/outside-jest";

declare const requireOutsideJest: (module: string) => unknown;

test("what is registered is what the contracts name: an unknown name would hang for ever", async () => {
  const { host } = await startWorld({ fleet: fleetOf([]) });
  const registered = (trigger: RegExp) =>
    host.functions
      .filter((fn) => trigger.test(fn.trigger))
      .map(({ name }) => name)
      .sort();
  expect(registered(/^activityTrigger$/i)).toEqual(Object.keys(activityContracts).sort());
  expect(registered(/^orchestrationTrigger$/i)).toEqual(Object.values(orchestrationNames).sort());
  expect(registered(/^(http|timer|eventGrid)Trigger$/i)).toEqual(Object.values(triggerNames).sort());
});

/** Waits on a timer of the realm in which the app runs; jest's sandbox has timers of its own. */
const realSleep = (requireOutsideJest("node:vm") as typeof vm).runInThisContext(
  "(ms) => new Promise((resolve) => setTimeout(resolve, ms))",
) as (ms: number) => Promise<void>;

test("a timer of Node's below the app fails the test", async () => {
  const world = await startLastingWorld({ fleet: fleetOf([]) });
  const get = world.store.get.bind(world.store);
  world.store.get = async (partition: string, key: string) => {
    world.store.get = get;
    await realSleep(1);
    return get(partition, key) as never;
  };
  expect((await world.api("GET", "health")).status).toBe(200);
  await expect(world.close()).rejects.toThrow(/^in virtual time the app set Error: a real timer of 1 ms/);
});

const DEMO = JSON.parse(readFileSync("src/local/demo/fleet.json", "utf8")) as object;

async function demo(seed: number) {
  const world = await startWorld({
    fleet: DEMO,
    seed,
    settings: {
      GOLDPATCH_SWEEP_SCHEDULE: "0 10 8 * * *",
      GOLDPATCH_SWEEP_MODE: "patch",
    },
  });
  await world.passes(2 * 3_600_000);
  const runs = await world.settle();
  const histories = world.host
    .instances()
    .map(({ instanceId }) => instanceId)
    .sort()
    .map((instanceId) => {
      const status = world.host.status(instanceId);
      const events = status?.historyEvents;
      return {
        instanceId,
        events: events?.map(({ EventType, Name, FunctionName, Timestamp, FireAt, Input, Result }) => ({
          EventType,
          Name,
          FunctionName,
          Timestamp,
          FireAt,
          Input,
          Result,
        })),
      };
    });
  const requests = world.transcript.map(({ t, method, path, status, bucket, vmIds }) =>
    JSON.stringify({ t, method, path, status, bucket, vmIds }),
  );
  return { runs: runs.map((run) => JSON.stringify(run)).sort(), histories, requests: requests.sort() };
}

test("the same seed gives the same runs, histories and requests, to the millisecond", async () => {
  const first = await demo(7);
  const second = await demo(7);
  expect(first.runs.length).toBeGreaterThan(25);
  expect(second.runs).toEqual(first.runs);
  expect(second.histories).toEqual(first.histories);
  expect(second.requests).toEqual(first.requests);
}, 60_000);

test("another seed gives another course", async () => {
  expect((await demo(8)).requests).not.toEqual((await demo(9)).requests);
}, 60_000);

test("a fleet shares its Resource Graph queries and is never throttled at this size", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `vm-${String(index).padStart(3, "0")}`);
  const world = await startWorld({
    fleet: fleetOf(names.map((name) => ({ name, image: "managed", events: [] }))),
    settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "100" },
  });
  await world.run("patch", names, { install: { rebootSetting: "IfRequired" } });
  const runs = await world.settle();
  const queries = world.transcript.filter(({ path }) => path.includes("Microsoft.ResourceGraph"));
  expect(runs.filter(({ outcome }) => outcome === "patched")).toHaveLength(names.length);
  expect(world.transcript.filter(({ status }) => status === 429)).toEqual([]);
  // One query for each of the ticks on which anybody waits, never one for each VM.
  const ticks = new Set(queries.map(({ t }) => t));
  expect(queries).toHaveLength(ticks.size);
  expect(queries.length).toBeLessThan(names.length);
}, 60_000);

test("an orchestration that another replay shows to be nondeterministic fails its test", async () => {
  const world = await startWorld({ fleet: fleetOf([]) });
  world.divergences.push({
    ...{ orchestrator: "patchVm", instanceId: "i", historyEvents: 7, at: "action 2" },
    ...{ first: 'CallActivity {"functionName":"a"}', again: "nothing" },
  });
  const told = /^Orchestrator patchVm, instance i, .* first 7 events .* action 2 is nothing; .* was CallActivity/;
  await expect(world.settle()).rejects.toThrow(told);
  await expect(world.close()).rejects.toThrow(told);
  world.divergences.length = 0;
});
