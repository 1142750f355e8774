import { cause, type VmCause } from "./cause";

/** What happens to the machine. */
export const machine: readonly [VmCause, ...VmCause[]] = [
  cause("fresh", () => ({ createAfterSeconds: 0 })),
  cause("stopped by its owner", (draw) => ({
    power: {
      changes: [{ afterSeconds: draw.between(0, 3000, "at"), state: draw.pick(["stopped", "deallocated"], "state") }],
    },
  })),
  cause("stopped and started again", (draw) => {
    const afterSeconds = draw.between(60, 1800, "at");
    const again = afterSeconds + draw.between(30, 900, "off");
    return {
      power: {
        changes: [
          { afterSeconds, state: draw.pick(["stopped", "deallocated"], "state") },
          { afterSeconds: again, state: "running" },
        ],
      },
    };
  }),
  cause("power state missing for a while", (draw) => {
    const afterSeconds = draw.between(0, 1500, "at");
    return {
      power: {
        changes: [
          { afterSeconds, state: "missing" },
          { afterSeconds: afterSeconds + draw.between(20, 600, "for"), state: "running" },
        ],
      },
    };
  }),
  cause("deleted", (draw) => ({ deletedAfterSeconds: draw.between(0, 3600, "at") })),
  cause("recreated under the same name", (draw) => ({ recreatedAfterSeconds: draw.between(60, 2400, "at") })),
  cause("being created", (draw) => ({ createAfterSeconds: draw.between(0, 600, "at") })),
  cause("provisioning late", (draw) => ({
    provisioning: {
      state: draw.pick(["Creating", "Updating"], "state"),
      succeedsAfterSeconds: draw.between(30, 2400, "for"),
    },
  })),
  cause("agent late", (draw) => ({ agent: { readyAfterSeconds: draw.between(60, 2400, "for") } })),
];
