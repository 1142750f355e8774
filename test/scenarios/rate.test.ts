import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";

/** Short operations, for the sake of the test's own time. */
const brief = { assess: { durationSeconds: 150 }, install: { durationSeconds: 200 }, events: [] };
const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `vm-${String(index).padStart(4, "0")}`);
const posts = (world: World) => world.transcript.filter(({ path }) => /\/(?:assess|install)Patches\?/.test(path));
const refused = (world: World) => world.transcript.filter(({ status }) => status === 429);

describe("1,000 VMs of one subscription and region at once, and events beside them", () => {
  const names = namesOf(1000);
  let world: World;
  let runs: RunView[];

  beforeAll(async () => {
    const machines = names.map((name, index) => ({ name, image: index % 2 ? "lin" : "win", ...brief }));
    const created = Array.from({ length: 50 }, (_, index) => ({
      ...brief,
      name: `new-${index}`,
      image: "win",
      events: undefined,
    }));
    world = await startLastingWorld({
      fleet: fleetOf([...machines, ...created.map(({ events: _usual, ...vm }) => vm)]),
      settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1000", GOLDPATCH_PROVISION_MODE: "patch" },
      replayCheck: false,
    });
    const t = Date.now();
    for (let from = 0; from < names.length; from += 100) {
      await world.run("patch", names.slice(from, from + 100), { install: { rebootSetting: "IfRequired" } });
    }
    runs = await world.settle();
    const by: Record<string, number> = {}; for (const l of world.transcript) { const k = `${l.t.slice(11, 17)} ${l.status} ${l.bucket} ${l.method} ${l.path.replace(/.*virtualMachines.[^?/]*/, "").slice(0, 40)}`; by[k] = (by[k] ?? 0) + 1; } console.log(Date.now() - t, runs.length, posts(world).length, refused(world).length, by);
  }, 600_000);
  afterAll(() => world.close());

  test("each ends patched", () => {
    expect(runs.filter(({ outcome }) => outcome !== "patched")).toEqual([]);
  });
});
