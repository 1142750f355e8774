import { describe, expect, test } from "@jest/globals";
import { policyDefaults } from "../../../src/domain/policy/defaults";
import { imageRoom, noProof } from "../../../src/domain/sweep/image-exposure";

const { exposure, failureBudget } = policyDefaults;
const policy = { mode: "patch", exposure, failureBudget } as const;
const room = (most: number) => ({ kind: "room", most });

describe("VMs of one image version, 250 of them", () => {
  test.each([
    ["one goes first", noProof, 0, room(1)],
    ["the others wait for it", noProof, 1, room(0)],
    ["then 1 % of them", { verified: 1, failed: 0 }, 0, room(1)],
    ["then 10 %", { verified: 2, failed: 0 }, 0, room(23)],
    ["beside those in flight", { verified: 20, failed: 0 }, 4, room(1)],
    ["more are in flight than the step holds", { verified: 2, failed: 0 }, 60, room(0)],
    ["then all that the sweep has room for", { verified: 25, failed: 0 }, 0, room(Number.POSITIVE_INFINITY)],
    ["as many may fail as the budget says", { verified: 25, failed: 12 }, 0, room(Number.POSITIVE_INFINITY)],
    ["more were verified in stages before", { verified: 900, failed: 0 }, 0, room(Number.POSITIVE_INFINITY)],
  ])("%s", (_what, proof, inFlight, expected) => {
    expect(imageRoom(policy, 250, proof, inFlight)).toEqual(expected);
  });

  test.each([
    ["the first", { verified: 0, failed: 1 }, "1 of its image version failed at the step of 1 VMs of exposure.ramp"],
    [
      "one before the last step",
      { verified: 24, failed: 1 },
      "1 of its image version failed at the step of 25 VMs of exposure.ramp",
    ],
    [
      "more than the budget",
      { verified: 100, failed: 13 },
      "13 of its image version failed, failureBudget 5% of 250 VMs allows 12",
    ],
  ])("are held back when %s failed", (_what, proof, detail) => {
    expect(imageRoom(policy, 250, proof, 5)).toEqual({ kind: "holdBack", detail });
  });
});

test("the only VM of its image version goes as soon as the sweep has room", () => {
  expect(imageRoom(policy, 1, noProof, 0)).toEqual(room(Number.POSITIVE_INFINITY));
});

test("a ramp of one step leaves it to the sweep", () => {
  expect(imageRoom({ ...policy, exposure: { cap: "100%", ramp: ["rest"] } }, 250, noProof, 0)).toEqual(
    room(Number.POSITIVE_INFINITY),
  );
});

test("an assessment is no exposure", () => {
  expect(imageRoom({ ...policy, mode: "assess" }, 250, { verified: 0, failed: 9 }, 0)).toEqual(
    room(Number.POSITIVE_INFINITY),
  );
});
