import { describe, expect, it } from "@jest/globals";
import { countedMachines, saidOf } from "../../src/cli/machine-words";

const GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers";
const VM = `${GROUP}/Microsoft.Compute/virtualMachines/web-01`;
const SERVER = `${GROUP}/Microsoft.HybridCompute/machines/edge-01`;

describe("words for a machine", () => {
  it.each([
    ["Another run works on this VM.", "Another run works on this Arc-enabled server."],
    ["Look at the VM's update history.", "Look at the Arc-enabled server's update history."],
    ["A run that started a VM.", "A run that started an Arc-enabled server."],
    ["VmNotFound", "VmNotFound"],
  ])("%s", (text, ofServer) => {
    expect([saidOf(VM, text), saidOf(SERVER, text)]).toEqual([text, ofServer]);
  });

  it.each([
    [[VM], "1 VM"],
    [[], "0 VMs"],
    [[SERVER, SERVER.toLowerCase()], "2 Arc-enabled servers"],
    [[VM, SERVER, VM], "3 machines"],
  ])("%j are counted as %s", (ids, words) => {
    expect(countedMachines(ids)).toBe(words);
  });
});
