import { describe, expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";
import { patchPolicy, posted, startSweep, sweepOf, sweptOut } from "../support/sweeps";

const MINUTE = 60_000;
const names = ["a", "b", "c", "d", "e", "f"];
const fleet = fleetOf(
  names.map((name, index) => ({ name, image: "lin", events: [], tags: index < 2 ? { ring: "canary" } : {} })),
);
const POLICY = patchPolicy(
  "exposure: { cap: 100, ramp: [rest] }\nstages:\n  - { name: canary, tags: { ring: [canary] } }\n  - { name: rest, concurrency: 3 }\n",
);

async function sweptOnce(world: World, sweepId: string): Promise<void> {
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", counts: { vms: 6, ended: 6, failed: 0 } });
  expect(sweep.stages.map(({ vms, outcomes }) => [vms, outcomes])).toEqual([
    [2, { patched: 2 }],
    [4, { patched: 4 }],
  ]);
  expect(runs.map(({ vmId, outcome }) => [vmId.split("/").at(-1), outcome]).sort()).toEqual(
    names.map((name) => [name, "patched"]),
  );
  expect(posted(world, "assessPatches").sort()).toEqual(names);
  expect(posted(world, "installPatches").sort()).toEqual(names);
}

describe("a policy sweep that is disturbed patches each VM once", () => {
  test.each(["repeated", "doubled"] as const)("every tick and plan is delivered twice (%s)", async (fate) => {
    const world = await startWorld({
      fleet,
      chaos: ({ name }) => (name === "tickSweep" || name === "planSweep" ? fate : "once"),
    });
    await sweptOnce(world, await startSweep(world, POLICY));
  });

  test.each(["killedBefore", "killedAfter"] as const)("its worker dies at every second tick (%s)", async (fate) => {
    let ticks = 0;
    const world = await startWorld({
      fleet,
      chaos: ({ name }) => (name === "tickSweep" && ticks++ % 2 === 0 ? fate : "once"),
    });
    await sweptOnce(world, await startSweep(world, POLICY));
    expect(ticks).toBeGreaterThan(4);
  });

  test("the worker dies while it plans", async () => {
    let kills = 0;
    const world = await startWorld({
      fleet,
      chaos: ({ name }) => (name === "planSweep" && kills++ < 2 ? "killedAfter" : "once"),
    });
    await sweptOnce(world, await startSweep(world, POLICY));
    expect(kills).toBeGreaterThan(2);
  });

  test.each([0, 1, 12, 40])("the host starts anew after %i minutes", async (minutes) => {
    const world = await startWorld({ fleet });
    const sweepId = await startSweep(world, POLICY);
    await world.passes(minutes * MINUTE + 1);
    await world.host.close();
    await world.startHost();
    await sweptOnce(world, sweepId);
  });

  test.each(["the watchdog", "who resumes it"])(
    "a control loop that is lost goes on where its rows say: %s",
    async (who) => {
      const world = await startWorld({ fleet });
      const sweepId = await startSweep(world, POLICY);
      await world.passes(12 * MINUTE);
      await world.terminate(sweepId);
      const { tick } = await sweepOf(world, sweepId);
      expect(tick).toBeGreaterThan(2);
      if (who === "the watchdog") await world.passes(6 * MINUTE);
      else expect((await world.api("POST", `sweeps/${sweepId}/resume`)).status).toBe(202);
      await sweptOnce(world, sweepId);
      expect(world.logs.filter((line) => line.includes("sweepRevived"))).toHaveLength(who === "the watchdog" ? 1 : 0);
    },
  );

  test("a run whose start was lost, and lost again, is started when nobody began it for two minutes", async () => {
    const world = await startWorld({ fleet });
    const { store } = world;
    const insert = store.insertIfAbsent.bind(store);
    let lost = 0;
    // The tick that releases a VM starts its run, and so does the next one, which carries out what was left.
    store.insertIfAbsent = (partition, key, value) =>
      partition === "open-runs" && JSON.stringify(value).includes('/virtualMachines/c"') && lost++ < 2
        ? Promise.reject(new Error("lost"))
        : insert(partition, key, value);
    await sweptOnce(world, await startSweep(world, POLICY));
    expect(lost).toBeGreaterThan(2);
    expect(world.logs.filter((line) => line.includes("startFailed"))).toHaveLength(2);
  });

  test("a sweep that was kept and never started is left to whoever asks again", async () => {
    const world = await startWorld({ fleet });
    const sweepId = await startSweep(world, POLICY);
    const { store } = world;
    const row = await store.get<object>("policy-sweeps", `head:${sweepId}`);
    await store.insertIfAbsent("policy-sweeps", "head:policy-orphan", {
      ...row?.value,
      sweepId: "policy-orphan",
      tick: 0,
      state: undefined,
    });
    await world.passes(11 * MINUTE);
    expect(await sweepOf(world, "policy-orphan")).toMatchObject({ state: "planning", tick: 0 });
    expect(world.logs.filter((line) => line.includes("sweepRevived"))).toEqual([]);
  });
});

test.each(["move", "head"])(
  "the process dies after any write of a tick (%s): the next delivery does the rest, and nothing twice",
  async (what) => {
    // Writes fail from the n-th on, once, for every n until the sweep gets through without one.
    for (let n = 1; n <= 40; n += 5) {
      const world = await startWorld({ fleet });
      let writes = 0;
      const { store } = world;
      const batch = store.batch.bind(store);
      const replace = store.replaceIfMatch.bind(store);
      const dies = () => what !== "" && ++writes === n;
      if (what === "move") {
        store.batch = async (partition, operations) => {
          const done = await batch(partition, operations);
          if (partition.startsWith("policy-sweep:") && dies()) throw new Error("the process died");
          return done;
        };
      } else {
        store.replaceIfMatch = async (row, value) => {
          const done = await replace(row, value);
          if (row.partition === "policy-sweeps" && dies()) throw new Error("the process died");
          return done;
        };
      }
      await sweptOnce(world, await startSweep(world, POLICY));
      if (writes < n) return;
      await world.close();
    }
  },
  240_000,
);
