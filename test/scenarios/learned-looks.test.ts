import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import type { RunView } from "../../src/contracts/api/runs";
import { startWorld, type World } from "../support/outside-jest";

const HALF_A_DAY_MS = 12 * 3_600_000;
const LEARNERS = 10;

/** Ten VMs of an image version teach; the world after, in which `learner` is still to be patched. */
async function taught(learner: object) {
  const names = Array.from({ length: LEARNERS }, (_, index) => `vm-${index}`);
  const world = await startWorld({
    fleet: fleetOf([
      ...names.map((name, index) => ({
        name,
        image: "lin",
        events: [],
        assess: { durationSeconds: 150 + 10 * index },
        install: { durationSeconds: 900 + 30 * index },
      })),
      { name: "learner", image: "lin", events: [], assess: { durationSeconds: 200 }, ...learner },
    ]),
  });
  await world.run("patch", names);
  await world.settle();
  await world.passes(HALF_A_DAY_MS);
  return world;
}

/** How often each operation of a VM was looked at, in the order of the operations. */
function looksAt({ transcript }: World, name: string): number[] {
  const looks = transcript.filter(({ path, vmIds }) => path.includes("/operations/") && vmIds[0]?.endsWith(`/${name}`));
  return [...Map.groupBy(looks, ({ operationId }) => operationId).values()].map((group) => group.length);
}

async function patched(world: World, name: string): Promise<RunView | undefined> {
  await world.run("patch", [name]);
  return (await world.settle()).find(({ vmId }) => vmId.endsWith(`/${name}`));
}

test("an operation is looked at by what others of its image took, and its end is not seen much later", async () => {
  const world = await taught({ install: { durationSeconds: 1100 } });
  const run = await patched(world, "learner");

  const [unlearned, learned] = [looksAt(world, "vm-9"), looksAt(world, "learner")];
  expect(unlearned[0]).toBeGreaterThan(4);
  expect(unlearned[1]).toBeGreaterThan(13);
  expect(learned[0]).toBeLessThanOrEqual(4);
  expect(learned[1]).toBeLessThanOrEqual(5);

  const install = run?.steps.find(({ name }) => name === "installPatches");
  const tookMs = Date.parse(install?.endedAt ?? "") - Date.parse(install?.startedAt ?? "");
  expect(run?.code).toMatch(/^(?:Patched|RebootPending)$/);
  expect(tookMs).toBeLessThan(1100 * 1000 * 1.2);
});

test("one that outlasts all others is looked at as if nothing were known", async () => {
  const world = await taught({ install: { durationSeconds: 3 * 3600 } });
  const run = await patched(world, "learner");

  expect(run?.outcome).toMatch(/^patched/);
  // Some two hours and a half beyond the longest of the others, every 60 to 70 s.
  expect(looksAt(world, "learner")[1]).toBeGreaterThan(100);
});

test("one whose answer was lost began before it was known, so that no plan fits it", async () => {
  const world = await taught({ install: { durationSeconds: 1200, cut: { when: "afterEffect" } } });
  const reads = () =>
    world.transcript.filter(({ method, path }) => method === "GET" && path.includes("/virtualMachines/learner"));
  const run = await patched(world, "learner");

  expect(run?.outcome).toMatch(/^patched/);
  // Followed through the instance view, every 60 to 70 s of some 17 minutes.
  expect(reads().length).toBeGreaterThan(14);
});
