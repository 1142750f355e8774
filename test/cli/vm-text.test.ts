import { describe, expect, it } from "@jest/globals";
import { ageText, vmText } from "../../src/cli/vm-text";
import type { VmView } from "../../src/contracts/api/vms";

const ARC =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.HybridCompute/machines/edge-01";
const seen: VmView = {
  vmId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01",
  imageId: "/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/galleries/g/images/gold/versions/1.0.0",
  imageKind: "galleryVersion",
  osType: "Linux",
  supportState: "Supported",
  source: "resourceGraph",
  assessmentStatus: "Succeeded",
  seenAt: "2026-11-23T08:00:00.000Z",
  ageSeconds: 7500,
  pending: { security: 2, other: 1 },
  missing: null,
  ready: true,
  warnings: [],
};

describe("what is on record, in words", () => {
  it("names state, source, age and what to do next", () => {
    expect(vmText(seen).split("\n")).toEqual([
      `VM:            ${seen.vmId}`,
      "Image:         g/gold/1.0.0",
      "Support state: Supported",
      "Source:        Resource Graph",
      "Age:           2 h 5 min (2026-11-23T08:00:00.000Z)",
      "Assessment:    Succeeded",
      "Missing:       security 2, other 1",
      "Now:           ready for an operation",
      `Next step:     goldpatch patch ${seen.vmId}`,
    ]);
  });

  it("tells of an Arc-enabled server that it has no image, what proves support, and how it is connected", () => {
    const server = {
      ...seen,
      vmId: ARC,
      imageId: null,
      imageKind: "none",
      evidence: "assessmentSucceeded",
      connection: { status: "Connected", agentVersion: "1.47", since: "2026-11-23T07:00:00.000Z" },
    } as const;
    const words = vmText(server).split("\n");
    expect(words).toContain(`Machine:       ${ARC}`);
    expect(words).toContain("Image:         none: an Azure Arc-enabled server");
    expect(words).toContain(
      "Proof:         the assessment succeeded; for Arc-enabled servers Azure tells no support state",
    );
    expect(words).toContain("Connection:    Connected since 2026-11-23T07:00:00.000Z, agent 1.47");
    const silent = { ...server, connection: { status: null, agentVersion: null, since: null } };
    expect(vmText({ ...silent, source: "none" })).toContain("no assessment of this Arc-enabled server is on record");
    expect(vmText(silent)).toMatch(/^Connection: +no status, agent without a version$/m);
  });

  it.each<[string, Partial<VmView>, RegExp]>([
    ["Unsupported", { supportState: "Unsupported" }, /Next step: +Rebuild the image/],
    ["UnableToDetermine", { supportState: "UnableToDetermine" }, /Next step: +Check the VM's update source/],
    ["not known", { supportState: null, source: "none" }, /Source: +nowhere[^]+Next step: +goldpatch assess \/subs/],
    ["of a VM that is off", { ready: false, notReady: "VmStopped" }, /not ready \(VmStopped\)[^]+Start the VM/],
    ["without Resource Graph", { resourceGraphTrouble: "403" }, /^Trouble: +Resource Graph could not be read: 403$/m],
  ])("%s", (_, changes, words) => {
    expect(vmText({ ...seen, ...changes })).toMatch(words);
  });

  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [3599, "59 min"],
    [3600, "1 h 0 min"],
    [86_400, "1 d 0 h"],
    [200_000, "2 d 7 h"],
  ])("an age of %d seconds is %s", (seconds, words) => {
    expect(ageText(seconds)).toBe(words);
  });
});
