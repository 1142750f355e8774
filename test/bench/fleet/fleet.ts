import { createHash } from "node:crypto";
import { randomOf } from "../../../src/domain/sweep/forecast/random";

/** What only the references know: how long each operation takes, and how late its row shows. Seconds. */
export interface Truth {
  readonly name: string;
  readonly assess: number;
  readonly lag: number;
  readonly install: number;
}

export interface BenchFleet {
  readonly file: object;
  readonly hash: string;
  readonly truths: readonly Truth[];
}

export const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
export const GROUP = "rg-bench";
const OS_TYPES = ["Windows", "Linux"];
/** As the simulator names them where a fleet file says no more. */
export const IMAGES = OS_TYPES.map(
  (osType) =>
    `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-images/providers/microsoft.compute/galleries/goldgallery/images/${osType.toLowerCase()}/versions/1.0.0`,
);
/** An hour after the fleet's start, when nothing of the start is going on any more. */
export const SWEEP_AT = "2026-12-01T07:00:00Z";

/**
 * VMs of one subscription and region whose images are known to be supported, all in order. Durations lie in the ranges
 * that were seen in reality (docs/simulated-azure.md: later assessments, installations, assumed lag).
 */
export function benchFleet(vms: number, seed: number): BenchFleet {
  const random = randomOf(seed);
  const between = (least: number, most: number) => Math.round(least + random() * (most - least));
  const truths = Array.from({ length: vms }, (_, index) => ({
    name: `vm-${String(index).padStart(6, "0")}`,
    assess: between(90, 240),
    lag: between(20, 90),
    install: between(8 * 60, 25 * 60),
  }));
  const file = {
    start: "2026-12-01T06:00:00Z",
    subscriptionId: SUBSCRIPTION,
    resourceGroup: GROUP,
    location: "westeurope",
    images: OS_TYPES.map((osType) => ({
      name: osType.toLowerCase(),
      kind: "galleryVersion",
      osType,
      pending: [{ name: "security-update", classification: "Security", reboot: "never" }],
    })),
    vms: truths.map(({ name, assess, lag, install }, index) => ({
      name,
      image: index % 2 === 0 ? "windows" : "linux",
      events: [],
      assess: { durationSeconds: assess },
      install: { durationSeconds: install },
      graph: { lagSeconds: lag },
    })),
  };
  return { file, hash: createHash("sha256").update(JSON.stringify(file)).digest("hex").slice(0, 16), truths };
}
