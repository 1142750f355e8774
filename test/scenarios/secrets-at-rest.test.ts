import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const ADDRESS = /[?&](?:c|s|h)=[\w~.%-]{20,}/;

test("operation addresses rest in the operations' own rows only; tokens and keys in none", async () => {
  const rows = new Map<string, string>();
  const world = await startWorld({
    fleet: fleetOf([
      { name: "fine", image: "managed", events: [] },
      { name: "gone", image: "managed", events: [], install: { gonePolls: 1 } },
      { name: "cut", image: "managed", events: [], install: { cut: { when: "afterEffect" } } },
    ]),
  });
  const batch = world.store.batch.bind(world.store);
  world.store.batch = (partition, operations) => {
    for (const operation of operations) {
      if (operation.kind === "delete") continue;
      const row = `${partition} ${operation.key}`;
      rows.set(row, `${rows.get(row) ?? ""}${JSON.stringify(operation.value)}`);
    }
    return batch(partition, operations);
  };
  await world.run("patch", ["fine", "gone", "cut"]);
  await world.settle();

  const withAddress = [...rows].filter(([, written]) => ADDRESS.test(written)).map(([row]) => row);
  expect(withAddress.length).toBeGreaterThan(3);
  expect(withAddress.filter((row) => !/^vm-[0-9a-f]{32} intent:/.test(row))).toEqual([]);
  const all = [...rows].flat().join("\n");
  for (const secret of ["Bearer", world.host.functionKey, world.host.systemKey]) expect(all).not.toContain(secret);
});

test.each(["startOperation", "pollOperation", "recordOutcome"])(
  "a worker killed in %s leaves no address in logs, histories or answers",
  async (activity) => {
    let kills = 0;
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "managed", events: [] }]),
      chaos: ({ name }) => (name === activity && kills++ < 2 ? "killedAfter" : "once"),
    });
    const [runId = ""] = await world.run("patch", ["vm"]);
    await world.settle();

    expect(kills).toBeGreaterThan(1);
    const seen = [
      world.logs.join("\n"),
      JSON.stringify(world.host.instances().map(({ instanceId }) => world.host.status(instanceId))),
      (await world.api("GET", `runs/${runId}`)).body,
    ].join("\n");
    expect(seen).toContain(runId);
    expect(seen).not.toMatch(ADDRESS);
    for (const secret of ["Bearer ", world.host.functionKey, world.host.systemKey]) expect(seen).not.toContain(secret);
  },
);
