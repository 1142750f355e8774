import { World } from "../../support/world";
import { startSweep } from "../../support/sweeps";
import { SUBSCRIPTION } from "../fleet/fleet";
import type { BadPatchFleet } from "./fleet";
import { harmedIn, type Harm } from "./harm";

/** All defaults but two: a sweep that installs, and reboots as the other contenders do; old VMs would not by default. */
const POLICY = `version: 1
name: default
mode: patch
scope:
  subscriptions: [${SUBSCRIPTION}]
install:
  rebootSetting: IfRequired
`;

/** The unmodified app with a policy sweep. */
export async function playGoldpatch({ file, seed }: BadPatchFleet): Promise<Harm> {
  const world = await World.start({ fleet: file, seed, replayCheck: false });
  await startSweep(world, POLICY);
  await world.settle();
  const harm = await harmedIn(world.azure, world.clock);
  await world.close();
  return harm;
}
