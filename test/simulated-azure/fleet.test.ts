import { describe, expect, it } from "@jest/globals";
import { FleetError, parseFleet } from "../../src/local/simulated-azure";
import { type Causes, fleetFile } from "./cloud";

function problemsOf(file: unknown): string[] {
  try {
    parseFleet(file);
  } catch (error) {
    if (error instanceof FleetError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("parseFleet", () => {
  it("fills in what a file leaves out", () => {
    const fleet = parseFleet(fleetFile());
    expect(fleet.clockSkewSeconds).toBe(0);
    expect(fleet.vms[0]).toMatchObject({ agent: { state: "ready" }, assess: { headers: "both" }, denied: [] });
  });

  it.each<[string, Causes, RegExp]>([
    ["an unknown field", { assess: { durationSecs: 3 } }, /^vms\[0\]\.assess\.durationSecs: 3: no such field/],
    ["a wrong type", { createAfterSeconds: "soon" }, /^vms\[0\]\.createAfterSeconds: "soon": .*expected number/],
    ["an unknown word", { power: { state: "asleep" } }, /^vms\[0\]\.power\.state: "asleep": .*"running"/],
    ["an unknown image", { image: "gone" }, /^vms\[0\]\.image: "gone": name one of the images: win, lin, pir$/],
    [
      "an existing VM from the future",
      { createdAt: "2027-01-01T00:00:00Z" },
      /^vms\[0\]\.createdAt: .*: after the fleet's start: use createAfterSeconds$/,
    ],
    [
      "two creations",
      { createdAt: "2026-01-01T00:00:00Z", createAfterSeconds: 3 },
      /^vms\[0\]: .*: give createdAt or createAfterSeconds, not both$/,
    ],
    [
      "an operation of others without a start",
      { otherOperations: [{ kind: "assess", lastsSeconds: 5 }] },
      /^vms\[0\]\.otherOperations\[0\]: .*: name exactly one of/,
    ],
    [
      "a KB number that is none",
      { pending: [{ name: "a", kbId: "12", classification: "Tools" }] },
      /^vms\[0\]\.pending/,
    ],
  ])("refuses %s", (_, vm, line) => {
    expect(problemsOf(fleetFile(vm))).toEqual([expect.stringMatching(line)]);
  });

  it("tells every problem at once", () => {
    const file = fleetFile({ tags: 1, scaleSet: 2 }, { location: "" });
    expect(problemsOf(file).map((line) => line.split(":")[0])).toEqual(["location", "vms[0].tags", "vms[0].scaleSet"]);
  });

  it("refuses names that are used twice, whatever their case", () => {
    const file = fleetFile(
      {},
      {
        vms: [
          { name: "vm1", image: "win" },
          { name: "VM1", image: "win" },
        ],
      },
    );
    expect(problemsOf(file)).toEqual(['vms[1].name: "VM1": already the name of vms[0]']);
    const images = [1, 2].map(() => ({ name: "win", kind: "unknown", osType: "Linux" }));
    expect(problemsOf(fleetFile({}, { images }))).toEqual(['images[1].name: "win": already the name of images[0]']);
  });

  it("refuses faults on machines that are not in the fleet", () => {
    const faults = [{ on: "vm", vms: ["vm9"], cut: "beforeEffect" }];
    expect(problemsOf(fleetFile({}, { faults }))).toEqual(['faults[0].vms: "vm9": name one of the vms']);
  });

  it("says so when the file is no object", () => {
    expect(problemsOf([])).toEqual([expect.stringMatching(/^fleet: \[\]: /)]);
  });
});
