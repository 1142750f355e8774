import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

test("a dead run whose machine is taken over gives its slot back", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [], assess: { durationSeconds: 600 } }]),
  });
  const [dead = ""] = await world.run("patch", ["vm"]);
  await world.passes(180_000);
  await world.terminate(dead);
  await world.run("patch", ["vm"]);
  await world.settle();

  const slots = await world.store.scan<{ runId: string | null }>("active-runs", "slot:");
  expect(slots.flatMap(({ value }) => value.runId ?? [])).toEqual([]);
});
