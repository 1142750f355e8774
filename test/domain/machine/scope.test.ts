import { describe, expect, test } from "@jest/globals";
import { formatScopeEntry, isInScope, parseScopeEntry } from "../../../src/domain/machine/scope";

const A = "aaaaaaaa-1111-4111-8111-111111111111";
const B = "bbbbbbbb-1111-4111-8111-111111111111";

describe("parseScopeEntry", () => {
  test.each([
    [`/subscriptions/${A}`, { subscriptionId: A }],
    [`/subscriptions/${A}/`, { subscriptionId: A }],
    [`/SUBSCRIPTIONS/${A.toUpperCase()}`, { subscriptionId: A }],
    [`/subscriptions/${A}/resourceGroups/Prod-RG`, { subscriptionId: A, resourceGroup: "prod-rg" }],
    [`/subscriptions/${A}/resourcegroups/Prod-RG/`, { subscriptionId: A, resourceGroup: "prod-rg" }],
    [`/subscriptions/${A}/resourceGroups/${"g".repeat(90)}`, { subscriptionId: A, resourceGroup: "g".repeat(90) }],
  ])("reads %s", (text, entry) => {
    expect(parseScopeEntry(text)).toEqual(entry);
  });

  test.each([
    "",
    A,
    "*",
    "/subscriptions/",
    "/subscriptions/prod",
    `/subscriptions/${A}/resourceGroups`,
    `/subscriptions/${A}/resourceGroups/a b`,
    `/subscriptions/${A}/resourceGroups/${"g".repeat(91)}`,
    `/subscriptions/${A}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`,
  ])("refuses %j", (text) => {
    expect(parseScopeEntry(text)).toBeUndefined();
  });
});

describe("isInScope", () => {
  const scope = [{ subscriptionId: A, resourceGroup: "prod-rg" }, { subscriptionId: B }];

  test.each([
    [A, "prod-rg", true],
    [A.toUpperCase(), "PROD-RG", true],
    [A, "prod-rg-2", false],
    [A, "prod", false],
    [B, "anything", true],
    ["cccccccc-1111-4111-8111-111111111111", "prod-rg", false],
  ])("a VM of subscription %s, resource group %s: %s", (subscriptionId, resourceGroup, within) => {
    expect(isInScope(scope, { subscriptionId, resourceGroup })).toBe(within);
  });

  test("an empty scope holds no VM", () => {
    expect(isInScope([], { subscriptionId: A, resourceGroup: "prod-rg" })).toBe(false);
  });
});

describe("formatScopeEntry", () => {
  test.each([`/subscriptions/${A}`, `/subscriptions/${A}/resourceGroups/rg`])("writes %s as it was read", (text) => {
    const entry = parseScopeEntry(text);
    expect(entry && formatScopeEntry(entry)).toBe(text);
  });
});
