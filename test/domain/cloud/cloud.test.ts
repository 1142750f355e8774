import { AzureAuthorityHosts } from "@azure/identity";
import { expect, test } from "@jest/globals";
import { armScopeOf, cloudNames, clouds } from "../../../src/domain/cloud/cloud";

test.each([
  ["AzureCloud", AzureAuthorityHosts.AzurePublicCloud],
  ["AzureUSGovernment", AzureAuthorityHosts.AzureGovernment],
  ["AzureChinaCloud", AzureAuthorityHosts.AzureChina],
] as const)("%s signs in where the SDK does", (name, authority) => {
  expect(clouds[name].loginOrigin).toBe(authority);
});

test("a token for Resource Manager is asked for in its own cloud's name", () => {
  expect(cloudNames.map((name) => armScopeOf(clouds[name]))).toEqual([
    "https://management.azure.com/.default",
    "https://management.usgovcloudapi.net/.default",
    "https://management.chinacloudapi.cn/.default",
  ]);
});

test("no two clouds share an endpoint", () => {
  const endpoints = Object.values(clouds).flatMap((cloud) => Object.values(cloud) as string[]);
  expect(new Set(endpoints).size).toBe(endpoints.length);
});
