import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";

const VMS = 300;
/** A run reads its VM twice before it assesses, so that a wave of these fits in ARM's burst of 250 reads. */
const ACTIVE = 100;
/** Short operations, for the sake of the test's own time. */
const brief = { assess: { durationSeconds: 150 }, install: { durationSeconds: 200 }, events: [] };

describe(`${VMS} VMs of one subscription and region`, () => {
  let world: World;
  let runs: RunView[];

  beforeAll(async () => {
    const names = Array.from({ length: VMS }, (_, index) => `vm-${String(index).padStart(3, "0")}`);
    world = await startLastingWorld({
      fleet: fleetOf(names.map((name, index) => ({ name, image: index % 2 ? "lin" : "win", ...brief }))),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: String(ACTIVE) },
    });
    await world.run("patch", names, { install: { rebootSetting: "IfRequired" } });
    runs = await world.settle();
  }, 480_000);
  afterAll(() => world.close());

  const requests = (part: string) => world.transcript.filter(({ path }) => path.includes(part));

  test("each ends in one outcome", () => {
    expect(runs.map(({ vmId, outcome }) => `${vmId.split("/").at(-1) ?? ""} ${outcome ?? ""}`).sort()).toEqual(
      Array.from({ length: VMS }, (_, index) => `vm-${String(index).padStart(3, "0")} patched`),
    );
  });

  test("each is assessed and installed once", () => {
    for (const action of ["assessPatches", "installPatches"]) {
      const vmIds = requests(`/${action}?`).flatMap(({ vmIds }) => vmIds);
      expect(vmIds).toHaveLength(VMS);
      expect(new Set(vmIds).size).toBe(VMS);
    }
  });

  test("nothing is throttled", () => {
    expect(world.transcript.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("Resource Graph is asked for many VMs at a time, once a second at most", () => {
    const arrivals = requests("Microsoft.ResourceGraph").map(({ t }) => Date.parse(t));
    for (const [index, arrival] of arrivals.entries()) {
      expect(arrival - (arrivals[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000);
    }
    expect(arrivals.length).toBeLessThan(VMS / 2);
  });

  test("a VM's operations are never polled faster than Azure allows", () => {
    const byOperation = Map.groupBy(requests("/operations/"), ({ operationId }) => operationId);
    expect(byOperation.size).toBe(2 * VMS);
    for (const polls of byOperation.values()) {
      const times = polls.map(({ t }) => Date.parse(t));
      for (const [index, time] of times.entries()) {
        expect(time - (times[index - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(15_000);
      }
    }
  });

  test("no more runs than GOLDPATCH_MAX_ACTIVE_RUNS worked at the same time", () => {
    const changes = runs
      .flatMap((run) => [
        { at: Date.parse(run.steps.find(({ name }) => name === "claimRun")?.endedAt ?? ""), by: 1 },
        { at: Date.parse(run.endedAt ?? ""), by: -1 },
      ])
      .sort((a, b) => a.at - b.at || a.by - b.by);
    let active = 0;
    let most = 0;
    for (const { by } of changes) most = Math.max(most, (active += by));
    expect(most).toBe(ACTIVE);
  });
});
