import { describe, expect, it } from "@jest/globals";
import { policyDefaults } from "../../../src/domain/policy/defaults";
import { exposureCap, exposureLimit, rampSteps } from "../../../src/domain/policy/exposure";
import type { Policy } from "../../../src/domain/policy/policy";

const byDefault: Policy["exposure"] = policyDefaults.exposure;

describe("the ramp of exposure", () => {
  it.each([
    [0, [0, 0, 0, 0]],
    [1, [1, 1, 1, 1]],
    [10, [1, 1, 1, 10]],
    [50, [1, 1, 5, 50]],
    [500, [1, 5, 50, 500]],
    [10_000, [1, 100, 1000, 10_000]],
  ])("by default, of %d VMs: 1, 1 %%, 10 %%, rest", (vms, steps) => {
    expect(rampSteps(byDefault, vms)).toEqual(steps);
  });

  it("never falls, and never asks for more than there is", () => {
    expect(rampSteps({ cap: 1, ramp: [20, "10%", 5, 500, "rest"] }, 100)).toEqual([20, 20, 20, 100, 100]);
  });
});

describe("how many VMs may be in flight and not yet verified", () => {
  it.each([
    ["the first alone", 500, 0, 1],
    ["then up to 1 %", 500, 1, 4],
    ["as many fewer as are verified", 500, 4, 1],
    ["then up to 10 %", 500, 5, 45],
    ["then the rest, up to the cap", 500, 50, 50],
    ["at last what is left", 500, 495, 5],
    ["none when all are verified", 500, 500, 0],
    ["one of a single VM", 1, 0, 1],
    ["one of a small fleet, whatever the cap's share", 5, 1, 1],
    ["none of none", 0, 0, 0],
  ])("%s: of %d VMs, %d of them verified, %d", (_, vms, verified, limit) => {
    expect(exposureLimit(byDefault, vms, verified)).toBe(limit);
  });

  it("is at least one by its cap, and at most all", () => {
    expect([exposureCap({ cap: "1%", ramp: ["rest"] }, 5), exposureCap({ cap: 50, ramp: ["rest"] }, 5)]).toEqual([
      1, 5,
    ]);
  });

  it("lets every sweep end, never above the cap or the ramp, however many are verified at a time", () => {
    const exposures: Policy["exposure"][] = [
      byDefault,
      { cap: 3, ramp: [2, "50%", "rest"] },
      { cap: "100%", ramp: ["rest"] },
    ];
    for (const exposure of exposures) {
      for (const vms of [1, 2, 3, 9, 10, 11, 99, 100, 101, 250]) {
        for (const atOnce of [1, 2, 7, vms]) {
          let [begun, verified] = [0, 0];
          while (verified < vms) {
            begun = Math.max(begun, Math.min(vms, verified + exposureLimit(exposure, vms, verified)));
            expect(begun - verified).toBeGreaterThan(0);
            expect(begun - verified).toBeLessThanOrEqual(exposureCap(exposure, vms));
            const step = rampSteps(exposure, vms).find((upTo) => upTo > verified);
            expect(begun).toBeLessThanOrEqual(step ?? vms);
            verified = Math.min(begun, verified + atOnce);
          }
        }
      }
    }
  });
});
