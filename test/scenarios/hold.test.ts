import { expect, test } from "@jest/globals";
import { holdOn, holdTexts } from "../../src/activities/hold";
import type { HealthView } from "../../src/contracts/api/app";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

test.each([
  [false, false, undefined, 1],
  [false, true, "Stopped", 1],
  [true, false, "Paused", 0],
  [true, true, "Paused", 0],
] as const)("paused %s, stopped %s: held by %s", async (paused, stopped, hold, reads) => {
  let read = 0;
  const isStopped = () => {
    read += 1;
    return Promise.resolve(stopped);
  };
  expect(await holdOn({ settings: { GOLDPATCH_PAUSED: paused }, switches: { isStopped } })).toBe(hold);
  expect(read).toBe(reads);
});

test("an operator is told by what", () => {
  expect(holdTexts).toEqual({ Paused: "GOLDPATCH_PAUSED is set", Stopped: "goldpatch is stopped" });
});

test("the pause holds a VM's model as the switch does, and is not told as the switch", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    settings: { GOLDPATCH_PAUSED: "true" },
  });
  const change = () => world.api("POST", "periodic-assessment", { on: true, vmIds: [world.vmId("vm")] });
  const health = async () => JSON.parse((await world.api("GET", "health")).body) as HealthView;
  expect((await change()).status).toBe(409);
  expect(await health()).toMatchObject({ stopped: false });

  await world.api("POST", "stop");
  expect(await health()).toMatchObject({ stopped: true });
  expect((await change()).status).toBe(409);
  expect(world.transcript).toEqual([]);
});
