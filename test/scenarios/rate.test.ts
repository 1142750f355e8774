import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunRecord } from "../../src/ledger/runs";
import type { Book } from "../../src/domain/rate/book";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const PATCH = { install: { rebootSetting: "IfRequired" } };
/** Short operations, for the sake of the test's own time. */
const brief = { assess: { durationSeconds: 150 }, install: { durationSeconds: 200 } };
const machines = (name: string, count: number, extra: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => ({ name: `${name}-${index}`, image: "win", ...brief, ...extra(index) }));
const namesOf = (vms: readonly { readonly name: string }[]) => vms.map(({ name }) => name);

/** Requests to start an operation; ours carry the name of their intent. */
const posts = (world: World) =>
  world.transcript.filter(
    ({ path, clientRequestId }) => clientRequestId !== null && /\/(?:assess|install)Patches\?/.test(path),
  );
const refused = (world: World) => posts(world).filter(({ status }) => status === 429);
const bookOf = async (world: World) => {
  const row = await world.store.get<Book>("rates-11111111-2222-4333-8444-555555555555", "patchOperations");
  return row?.value;
};

describe("1,000 VMs of one subscription and region that are patched at once, and events of 50 new ones", () => {
  const old = machines("vm", 1000, () => ({ events: [] }));
  const created = machines("new", 50, (index) => ({ createAfterSeconds: 60 + 2 * index }));
  let world: World;

  beforeAll(async () => {
    world = await startLastingWorld({
      fleet: fleetOf([...old, ...created]),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1000", GOLDPATCH_PROVISION_MODE: "patch" },
      replayCheck: false,
    });
    await world.run("patch", namesOf(old), PATCH);
    await world.settle();
  }, 600_000);
  afterAll(() => world.close());

  test("each is patched", async () => {
    const runs = await world.store.scan<RunRecord>("runs", "");
    expect(runs.filter(({ value }) => value.outcome === "patched")).toHaveLength(old.length + created.length);
  });

  test("each is assessed and installed once, and Azure refuses no request of any kind", () => {
    expect(posts(world)).toHaveLength(2 * (old.length + created.length));
    expect(world.transcript.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("no tokens are left lying: the last operation starts within twice the time that Azure's buckets need", () => {
    const [first, last] = [posts(world)[0], posts(world).at(-1)].map((line) => Date.parse(line?.t ?? ""));
    const needed = ((posts(world).length - 600) / 200) * MINUTE;
    expect((last ?? 0) - (first ?? 0)).toBeLessThan(2 * needed);
  });
});

describe("a stranger who draws on the same buckets", () => {
  const vms = machines("vm", 300, () => ({ events: [] }));
  const decoys = machines("decoy", 200, () => ({ events: [] }));
  let world: World;

  let drunk = 0;

  /** A request that Azure refuses for its body, which costs a token all the same. Answers whether the region has none. */
  async function drink(): Promise<boolean> {
    const url = `${world.vmId(`decoy-${drunk++ % decoys.length}`)}/installPatches?api-version=2026-04-01`;
    const { headers } = await world.azure.handle({
      method: "POST",
      url,
      headers: { authorization: "Bearer x" },
      body: "{}",
    });
    return (headers["x-ms-ratelimit-remaining-resource"] ?? "").includes("SubscriptionMaximum;0");
  }

  /** As fast as Resource Manager takes writes, until the region's bucket is empty and there are writes for others. */
  async function drain(): Promise<void> {
    let written = 0;
    while (!(await drink())) if (++written > 180) await world.passes(100);
    await world.passes(5000);
    if (!(await drink())) await drain();
  }

  async function drinkFor(minutes: number, perSecond: number): Promise<void> {
    for (let drinks = 0; drinks < minutes * 60 * perSecond; drinks++) {
      await drink();
      await world.passes(1000 / perSecond);
    }
  }

  async function start(): Promise<void> {
    world = await startWorld({
      fleet: fleetOf([...vms, ...decoys]),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "300" },
    });
  }

  test("who left the region's bucket empty costs a few refusals, all at the beginning", async () => {
    await start();
    await drain();
    await world.run("assess", namesOf(vms));
    const runs = await world.settle();

    expect(runs.filter(({ outcome }) => outcome === "assessed")).toHaveLength(vms.length);
    const times = refused(world).map(({ t }) => Date.parse(t));
    expect(times.length).toBeGreaterThan(0);
    expect(times.length).toBeLessThanOrEqual(20);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(5000);
  });

  test("who goes on drawing most of what comes in costs a few refusals a minute, and leaves us the rest", async () => {
    await start();
    await drain();
    const drinking = drinkFor(8, 2);
    await world.run("assess", namesOf(vms));
    const runs = await world.settle();
    await drinking;

    expect(runs.filter(({ outcome }) => outcome === "assessed")).toHaveLength(vms.length);
    expect(refused(world).length).toBeLessThanOrEqual(20);
  });
});

test("a VM whose own bucket a stranger emptied waits for itself alone", async () => {
  const world = await startWorld({ fleet: fleetOf(machines("vm", 2, () => ({ events: [] }))) });
  const url = `${world.vmId("vm-0")}/installPatches?api-version=2026-04-01`;
  const request = { method: "POST", url, headers: { authorization: "Bearer x" }, body: "{}" };
  for (let n = 0; n < 6; n++) await world.azure.handle(request);
  await world.run("assess", ["vm-0"]);
  await world.passes(5000);
  await world.run("assess", ["vm-1"]);
  const runs = await world.settle();

  expect(runs.map(({ outcome }) => outcome)).toEqual(["assessed", "assessed"]);
  const [first, ...more] = posts(world).map(({ t, status, vmIds }) => ({
    t: Date.parse(t),
    status,
    vm: vmIds[0]?.slice(-4),
  }));
  expect([first, ...more]).toMatchObject([
    { vm: "vm-0", status: 429 },
    { vm: "vm-1", status: 202, t: (first?.t ?? 0) + 5000 },
    { vm: "vm-0", status: 202 },
  ]);
});

test("a VM that turns out to be busy leaves its turn to others", async () => {
  const busy = { otherOperations: [{ kind: "assess", alreadyRunningForSeconds: 60, lastsSeconds: 300 }] };
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [], ...busy }]) });
  await world.run("assess", ["vm"]);
  await world.passes(MINUTE / 2);
  const { buckets, grants } = (await bookOf(world)) ?? {};
  expect(grants).toEqual({});
  expect(buckets?.["region westeurope"]?.fullAt).toBeLessThan(world.clock.now() - MINUTE / 3);
  expect(await world.settle()).toMatchObject([{ outcome: "assessed" }]);
});

test.each(["repeated", "doubled"] as const)("a start that is delivered again (%s) draws once", async (delivery) => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    chaos: ({ name }) => (name === "startOperation" ? delivery : "once"),
  });
  await world.run("patch", ["vm"], PATCH);
  expect(await world.settle()).toMatchObject([{ code: "Patched", installPosts: 1 }]);

  const { buckets = {}, grants = {} } = (await bookOf(world)) ?? {};
  const [[key, grant] = ["", undefined], ...more] = Object.entries(grants);
  expect(more).toEqual([]);
  expect(key).toMatch(/^intent:.*:install:1:0001$/);
  // One of 200 a minute, and one of ten a second, from buckets that were full.
  expect(buckets["region westeurope"]?.fullAt).toBe((grant?.at ?? 0) + 300);
  expect(buckets["writes"]?.fullAt).toBe((grant?.at ?? 0) + 100);
});
