import { expect, test } from "@jest/globals";
import { probeAddress } from "../../../src/domain/hook/places";

const vm = (name: string, resourceGroup = "rg") =>
  ({ kind: "azureVm", subscriptionId: "sub", resourceGroup, name }) as const;

test("places are filled in, each as often as it stands there; others stay", () => {
  const url = "https://health.example.com/{subscriptionId}/{resourceGroup}/{vmName}?vm={vmName}&x={other}";
  expect(probeAddress(url, vm("web-1"))).toBe("https://health.example.com/sub/rg/web-1?vm=web-1&x={other}");
});

test.each([
  ["a/b", "a%2Fb"],
  ["a?b#c&d=e", "a%3Fb%23c%26d%3De"],
  ["a@b:1", "a%40b%3A1"],
  ["rg(prod)!'*", "rg%28prod%29%21%27%2A"],
  ["ä b", "%C3%A4%20b"],
  ["%2e%2e", "%252e%252e"],
  ["..", "%252E%252E"],
  ["a..b", "a..b"],
])("a name %s reaches no further than its place", (name, encoded) => {
  const url = probeAddress("https://health.example.com/up/{vmName}/down", vm(name));
  expect(url).toBe(`https://health.example.com/up/${encoded}/down`);
  expect(new URL(url)).toMatchObject({
    host: "health.example.com",
    pathname: `/up/${encoded}/down`,
    search: "",
    hash: "",
  });
});
