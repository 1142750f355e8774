import { expect, it } from "@jest/globals";
import { readFilter } from "../../src/azure/maintenance/assignments";

it.each([
  ["one of ours", { resourceTypes: ["microsoft.compute/virtualmachines"], osTypes: ["linux"] }, ["azureVm"]],
  ["one of servers", { resourceTypes: ["Microsoft.HybridCompute/machines"], osTypes: ["Linux"] }, ["arc"]],
  ["one without types", { osTypes: ["Linux"] }, ["azureVm", "arc"]],
  ["one of scale sets", { resourceTypes: ["Microsoft.Compute/virtualMachineScaleSets"], osTypes: ["Linux"] }, []],
])("a filter that Azure keeps is read: %s", (_, filter, machines) => {
  expect(readFilter(filter)).toEqual({ machines, osTypes: ["Linux"], tagOperator: "Any" });
});

it("with its tags, groups and regions", () => {
  const tagSettings = { tags: { ring: ["one"] }, filterOperator: "all" };
  expect(readFilter({ resourceGroups: ["rg"], locations: ["uksouth"], tagSettings })).toMatchObject({
    ...{ resourceGroups: ["rg"], locations: ["uksouth"], tags: { ring: ["one"] }, tagOperator: "All" },
  });
});

it("takes all in when it cannot be read", () => {
  expect(readFilter({ osTypes: 1 })).toEqual({ machines: ["azureVm", "arc"], tagOperator: "Any" });
});
