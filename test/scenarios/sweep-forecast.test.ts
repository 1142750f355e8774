import { expect, test } from "@jest/globals";
import type { ExpectedView, SweepPlan } from "../../src/contracts/api/sweeps";
import { MemoryStore } from "../../src/store/memory";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";
import { patchPolicy, startSweep, sweptOut } from "../support/sweeps";

const MINUTE = 60_000;
const STAGES = "stages:\n  - { name: canary, share: 10%, wait: PT1H }\n  - { name: rest }\n";
const vms = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `vm-${String(index).padStart(2, "0")}`,
    image: index % 2 ? "lin" : "win",
    events: [],
  }));

async function planOf(world: World, policy: string): Promise<SweepPlan> {
  const answer = await world.api("POST", "sweeps", { policy, dryRun: true });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
  return JSON.parse(answer.body) as SweepPlan;
}

/** Counts what is written from now on. */
function countWrites(store: MemoryStore): () => number {
  let writes = 0;
  const [insert, replace, batch] = [
    store.insertIfAbsent.bind(store),
    store.replaceIfMatch.bind(store),
    store.batch.bind(store),
  ];
  store.insertIfAbsent = (...row) => (writes++, insert(...row));
  store.replaceIfMatch = (...row) => (writes++, replace(...row));
  store.batch = (...rows) => (writes++, batch(...rows));
  return () => writes;
}

const isRead = ({ method, path }: World["transcript"][number]): boolean =>
  method === "GET" || path.includes("/providers/Microsoft.ResourceGraph/");

test("a dry run tells VMs, stages, who is left out and why, order, times, calls and reboots; nothing changes", async () => {
  const store = new MemoryStore();
  const world = await startWorld({
    store,
    fleet: fleetOf([
      ...vms(20),
      { name: "off", image: "lin", tags: { goldpatch: "off" }, events: [] },
      { name: "market", image: "market", events: [] },
      { name: "other", image: "managed", events: [] },
    ]),
  });
  const writes = countWrites(store);
  const plan = await planOf(
    world,
    patchPolicy(STAGES).replace("scope:", "scope:\n  images: { kinds: [galleryVersion, galleryDefinition] }"),
  );
  expect(plan).toMatchObject({
    dryRun: true,
    policy: "test-policy",
    mode: "patch",
    counts: { found: 20, leftOut: { taggedOff: 1, imageKind: 1 } },
    stages: [
      { name: "canary", vms: 2, heldBack: 0, order: [{ vms: 1, expectedMinutes: null }, { vms: 1 }] },
      { name: "rest", vms: 18, order: [{ vms: 9 }, { vms: 9 }] },
    ],
    reboots: { rebootSetting: "IfRequired", least: 0, most: 20 },
    calls: { armWrites: { least: 20, most: 40 } },
  });
  expect(plan.stages.flatMap(({ vmIds }) => vmIds)).toHaveLength(20);
  const [canary, rest] = plan.stages;
  expect(Date.parse(rest?.begins?.at ?? "") - Date.parse(canary?.ends?.at ?? "")).toBeGreaterThanOrEqual(60 * MINUTE);
  expect(plan.ends).toEqual(rest?.ends);
  expect(plan.assumptions.join("; ")).toMatch(/no VM fails.*an assessment takes 4 to 11 minutes/);

  expect(writes()).toBe(0);
  // Nor later: what the app's own timers write has no sweep in it.
  await world.passes(30 * MINUTE);
  expect(world.transcript.length).toBeGreaterThan(0);
  expect(world.transcript.filter((line) => !isRead(line))).toEqual([]);
  expect(JSON.parse((await world.api("GET", "sweeps")).body)).toEqual({ sweeps: [] });
});

test("a dry run of a policy without VMs ends nowhere", async () => {
  const world = await startWorld({ fleet: fleetOf([]) });
  expect(await planOf(world, patchPolicy(STAGES))).toMatchObject({ counts: { found: 0 }, ends: null });
});

const isWithin = (instant: string | null, expected: ExpectedView | null | undefined): boolean => {
  const [from, until] = expected?.within90 ?? ["", ""];
  return instant !== null && from <= instant && instant <= until;
};

test("what came lies in the 90 % interval of what was expected, for four fleets of four", async () => {
  const [seeds, hits]: [number[], number[]] = [[1, 2, 3, 4], []];
  for (const seed of seeds) {
    const world = await startWorld({ fleet: fleetOf(vms(6)), seed });
    const sweepId = await startSweep(world, patchPolicy("exposure: { cap: 6, ramp: [1, rest] }\n"));
    const { sweep } = await sweptOut(world, sweepId);
    expect(sweep).toMatchObject({ state: "completed", stages: [{ beganAt: expect.any(String) }] });
    expect(sweep.endedAt).toBe(sweep.stages[0]?.endedAt);
    if (isWithin(sweep.endedAt, sweep.forecast?.ends)) hits.push(seed);
    expect(sweep.stages[0]?.forecast?.ends).toEqual(sweep.forecast?.ends);
  }
  expect(hits).toEqual(seeds);
});
