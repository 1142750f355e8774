import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";
import { byVm, patchPolicy, startSweep, sweptOut } from "../support/sweeps";

const GROUPED = patchPolicy(
  "exposure: { cap: 100, ramp: [rest] }\nstages: [{ name: all }]\ngroups:\n  - tag: cluster\n  - { tag: site, concurrency: 2 }\n",
);

test("VMs of one group are never in flight together, others are", async () => {
  const vm = (name: string, tags: object) => ({ name, image: "managed", events: [], tags });
  const world = await startWorld({
    fleet: fleetOf([
      vm("sql-1", { cluster: "sql", site: "north" }),
      vm("sql-2", { Cluster: "SQL", site: "north" }),
      vm("sql-3", { cluster: "sql", site: "south" }),
      vm("web-1", { cluster: "web", site: "north" }),
      vm("web-2", { cluster: "web", site: "north" }),
      vm("alone-1", {}),
      vm("alone-2", {}),
    ]),
  });
  const { sweep, runs } = await sweptOut(world, await startSweep(world, GROUPED));
  expect(sweep).toMatchObject({ state: "completed", counts: { vms: 7, ended: 7, failed: 0 } });
  expect(new Set(Object.values(byVm(runs)))).toEqual(new Set(["Patched"]));

  const spans = runs.map(({ vmId, startedAt, endedAt }) => ({
    name: vmId.split("/").at(-1) ?? "",
    from: Date.parse(startedAt),
    until: Date.parse(endedAt ?? ""),
  }));
  const most = (names: RegExp) => {
    const some = spans.filter(({ name }) => names.test(name));
    return Math.max(...some.map(({ from }) => some.filter((other) => other.from <= from && from < other.until).length));
  };
  expect([most(/^sql/), most(/^web/), most(/^(sql-[12]|web)/), most(/^alone/)]).toEqual([1, 1, 2, 2]);
});
