import { describe, expect, test } from "@jest/globals";
import { canonicalVmId, formatVmId, parseVmId } from "../../../src/domain/machine/vm-id";

const SUBSCRIPTION = "11111111-AAAA-4111-8111-111111111111";
const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Prod-RG/providers/Microsoft.Compute/virtualMachines/Web01`;
const ARC_ID = ID.replace("Microsoft.Compute/virtualMachines", "Microsoft.HybridCompute/machines");

describe("parseVmId", () => {
  const parts = { kind: "azureVm", subscriptionId: SUBSCRIPTION, resourceGroup: "Prod-RG", name: "Web01" };

  test.each([
    ["as Azure writes it", ID, parts],
    ["with a slash at its end", `${ID}/`, parts],
    [
      "in lower case",
      ID.toLowerCase(),
      { kind: "azureVm", subscriptionId: SUBSCRIPTION.toLowerCase(), resourceGroup: "prod-rg", name: "web01" },
    ],
    [
      "in upper case",
      ID.toUpperCase(),
      { kind: "azureVm", subscriptionId: SUBSCRIPTION.toUpperCase(), resourceGroup: "PROD-RG", name: "WEB01" },
    ],
    ["of an Arc-enabled server", ARC_ID, { ...parts, kind: "arc" }],
    [
      "of an Arc-enabled server in lower case",
      ARC_ID.toLowerCase(),
      { kind: "arc", subscriptionId: SUBSCRIPTION.toLowerCase(), resourceGroup: "prod-rg", name: "web01" },
    ],
    [
      "with the longest names that Azure allows",
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/${"g".repeat(90)}/providers/Microsoft.Compute/virtualMachines/${"v".repeat(64)}`,
      { kind: "azureVm", subscriptionId: SUBSCRIPTION, resourceGroup: "g".repeat(90), name: "v".repeat(64) },
    ],
  ])("reads an id %s", (_, text, expected) => {
    expect(parseVmId(text)).toEqual(expected);
  });

  test.each([
    ["nothing", ""],
    ["a name", "Web01"],
    ["a subscription", `/subscriptions/${SUBSCRIPTION}`],
    ["a subscription that is no GUID", ID.replace(SUBSCRIPTION, "prod")],
    ["an extension of a VM", `${ID}/extensions/agent`],
    ["a scale set", ID.replace("virtualMachines", "virtualMachineScaleSets")],
    [
      "a machine of another provider",
      ID.replace("Microsoft.Compute/virtualMachines", "Microsoft.AzureStackHCI/machines"),
    ],
    ["providers mixed up", ID.replace("Microsoft.Compute", "Microsoft.HybridCompute")],
    ["an id with a query", `${ID}?api-version=2024-11-01`],
    ["an id with a space", ID.replace("Web01", "Web 01")],
    ["an id after other text", `x${ID}`],
    ["a VM name that is too long", ID.replace("Web01", "v".repeat(65))],
    ["a resource group name that is too long", ID.replace("Prod-RG", "g".repeat(91))],
  ])("refuses %s", (_, text) => {
    expect(parseVmId(text)).toBeUndefined();
  });
});

test("an id is formatted as Azure writes it", () => {
  const parts = { subscriptionId: SUBSCRIPTION, resourceGroup: "Prod-RG", name: "Web01" };
  expect(formatVmId({ kind: "azureVm", ...parts })).toBe(ID);
  expect(formatVmId({ kind: "arc", ...parts })).toBe(ARC_ID);
});

test("ids that differ in case only have one canonical form", () => {
  const forms = [ID, ID.toUpperCase(), ID.toLowerCase()].map(parseVmId).map((vmId) => vmId && canonicalVmId(vmId));
  expect(forms).toEqual([ID.toLowerCase(), ID.toLowerCase(), ID.toLowerCase()]);
});
