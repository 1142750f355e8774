import { describe, expect, it } from "@jest/globals";
import { callsText, effectText } from "../../src/cli/plan-text";
import type { DryRunPlan } from "../../src/contracts/api/runs";

const VM =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01";
const ARM = `https://management.azure.com${VM}`;
const installing = (body: object): DryRunPlan => ({
  vmId: VM,
  calls: [
    { method: "GET", url: ARM, body: null },
    { method: "POST", url: `${ARM}/installPatches?api-version=1`, body },
  ],
});
const windows = (more: object) =>
  installing({
    rebootSetting: "Never",
    maximumDuration: "PT1H30M",
    windowsParameters: { classificationsToInclude: ["Critical", "Security"] },
    ...more,
  });

describe("the effect in words", () => {
  it("of an assessment: that an operation starts, and that nothing is installed", () => {
    const words = effectText("assess", { vmId: VM, calls: [] });
    expect(words).toMatch(/web-01: an operation of some minutes.+ installs nothing\.$/);
    expect(words).not.toMatch(/reboot/);
  });

  it.each([
    ["Never", /It is not rebooted\.$/],
    ["IfRequired", /It is rebooted if a patch requires it\.$/],
    ["Always", /It is rebooted\.$/],
  ])("of an installation with rebootSetting %s", (rebootSetting, reboot) => {
    const words = effectText("patch", windows({ rebootSetting }));
    expect(words).toContain("it installs missing patches (Critical, Security) for 90 minutes at most.");
    expect(words).toMatch(reboot);
  });

  it("of patches that were named", () => {
    expect(effectText("patch", windows({ windowsParameters: { kbNumbersToInclude: ["KB890830"] } }))).toContain(
      "it installs the patches that were named for 90 minutes at most.",
    );
  });

  it("of an Arc-enabled server, of which Azure tells no support state", () => {
    const vmId = VM.replace("Microsoft.Compute/virtualMachines", "Microsoft.HybridCompute/machines");
    expect(effectText("patch", { ...windows({}), vmId })).toContain("If the assessment succeeds, it installs missing");
    expect(effectText("patch", { vmId, calls: [], endsWith: "VmNotFound" })).toMatch(
      /Azure knows no such Arc-enabled server\. Check the id; the Arc-enabled server may have been deleted\.$/,
    );
  });

  it("of a run that would end before it has any", () => {
    expect(effectText("patch", { vmId: VM, calls: [], endsWith: "VmDeallocated" })).toMatch(
      /As it is now, the run would end before that: notReady \(VmDeallocated\): The VM is deallocated\. Start the VM, then run again\.$/,
    );
  });
});

describe("the calls", () => {
  it("are told to the letter, with their bodies", () => {
    const lines = callsText(windows({})).split("\n");
    expect(lines).toContain(`  GET ${ARM}`);
    expect(lines).toContain(`  POST ${ARM}/installPatches?api-version=1`);
    expect(lines).toContain(
      '    {"rebootSetting":"Never","maximumDuration":"PT1H30M","windowsParameters":{"classificationsToInclude":["Critical","Security"]}}',
    );
  });
});
