import { readMachine } from "../../../src/azure/compute/machine-reader";
import { isWell } from "../../../src/domain/machine/readiness";
import { isHarm } from "../../../src/domain/sweep/harm";
import { sleepUntil } from "../../../src/local/clock/host-clock";
import { GROUP, SUBSCRIPTION } from "../fleet/fleet";
import { Loop, plainCloud } from "../fleet/loops";
import type { BadPatchFleet } from "./fleet";
import { harmedIn, type Harm } from "./harm";

const MINUTE_MS = 60_000;
const LOOK_AGAIN_MS = 30_000;
/** Seldom enough to be played quickly: how often a loop looks changes nothing of what it harms. */
const POLL_MS = 2 * MINUTE_MS;
/** As GOLDPATCH_GRACE_MINUTES: it waits for a VM to come back as long as the app does. */
const GRACE_MS = 15 * MINUTE_MS;
const THRESHOLD = 0.1;

/** Patches everything at once, as fast as the platform's limits let it. */
export const playNaive = (fleet: BadPatchFleet): Promise<Harm> => playWaves(fleet, () => fleet.names.length);

/**
 * Waves of 1, 2, 4, 8 … VMs. It waits for all of a wave, then stops when more than a tenth of all that ended so far
 * failed. What it takes for a failure is what the app takes for one: by the installation's result, and by whether the
 * VM runs with a ready agent within the grace time.
 */
export const playThreshold = (fleet: BadPatchFleet): Promise<Harm> => playWaves(fleet, (wave) => 2 ** wave);

async function playWaves({ file, names, seed }: BadPatchFleet, sizeOf: (wave: number) => number): Promise<Harm> {
  const { clock, azure, arm, close } = plainCloud(file, seed);
  const failed = async (name: string): Promise<boolean> => {
    const vmId = { kind: "azureVm", subscriptionId: SUBSCRIPTION, resourceGroup: GROUP, name } as const;
    const code = await new Loop(arm, clock, vmId, "IfRequired", POLL_MS).patchedTo();
    if (isHarm(code, 1)) return true;
    for (const until = clock.now() + GRACE_MS; clock.now() < until;) {
      const look = await readMachine(arm, vmId);
      if (look.kind === "found" && isWell(look.view)) return false;
      await sleepUntil(clock, clock.now() + LOOK_AGAIN_MS);
    }
    return true;
  };
  let ended = 0;
  let failures = 0;
  for (let wave = 0; ended < names.length; wave++) {
    const vms = names.slice(ended, ended + sizeOf(wave));
    failures += (await Promise.all(vms.map(failed))).filter(Boolean).length;
    ended += vms.length;
    if (goesTooWrong(failures, ended)) break;
  }
  const harm = await harmedIn(azure, clock);
  close();
  return harm;
}

export const goesTooWrong = (failures: number, ended: number): boolean => failures / ended > THRESHOLD;
