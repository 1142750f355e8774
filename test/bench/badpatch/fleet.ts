import { randomOf } from "../../../src/domain/sweep/forecast/random";
import { GROUP, SUBSCRIPTION } from "../fleet/fleet";

/** Shares of the hit image's machines that do not come back from the reboot. */
export const RATES = [0.1, 0.3, 1] as const;
const IMAGES = 4;

export interface BadPatchFleet {
  readonly file: object;
  readonly seed: number;
  /** In the order of their names, in which every contender takes them. */
  readonly names: readonly string[];
  /** How many a contender harms that patches everything. */
  readonly breakable: number;
}

/**
 * VMs of four images, each image a quarter of the fleet, all in order and each lacking one security update that
 * reboots. On a share of one image's machines the agent is never heard of again from that reboot on: that is the
 * patch's cause in the fleet file (`afterReboot`), so a machine that is not patched comes to no harm. Which image is
 * hit, which of its machines break, and where each image's machines lie in the order of names is drawn by seed.
 */
export function badPatchFleet(vms: number, rate: number, seed: number): BadPatchFleet {
  const random = randomOf(seed);
  const hit = Math.floor(random() * IMAGES);
  const imageOf = shuffled(
    Array.from({ length: vms }, (_, index) => index % IMAGES),
    random,
  );
  const exposed = imageOf.flatMap((image, index) => (image === hit ? [index] : []));
  const breaking = new Set(shuffled(exposed, random).slice(0, Math.round(exposed.length * rate)));
  const names = imageOf.map((_, index) => `vm-${String(index).padStart(6, "0")}`);
  const update = { name: "2026-11 security update", classification: "Security", reboot: "always" };
  const file = {
    start: "2026-12-01T06:00:00Z",
    subscriptionId: SUBSCRIPTION,
    resourceGroup: GROUP,
    location: "westeurope",
    images: Array.from({ length: IMAGES }, (_, image) => ({
      name: imageName(image),
      kind: "galleryVersion",
      osType: image % 2 === 0 ? "Windows" : "Linux",
      pending: [update],
    })),
    vms: names.map((name, index) => ({
      name,
      image: imageName(imageOf[index] ?? 0),
      events: [],
      ...(breaking.has(index) && { pending: [{ ...update, afterReboot: "agentLost" }] }),
    })),
  };
  return { file, seed, names, breakable: breaking.size };
}

const imageName = (image: number): string => `gold-${image + 1}`;

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}
