import { describe, expect, it } from "@jest/globals";
import { targetOf, type Target } from "../../src/cli/target";
import { vmArgument } from "../../src/cli/vm-argument";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-Web`;
const vmId = vmArgument.read(`${GROUP}/providers/Microsoft.Compute/virtualMachines/web-01`);
const SIMULATED = "http://127.0.0.1:8484";

const scopeOf = (target: Target) => target.kind === "own" && target.environment["GOLDPATCH_SCOPE"];

describe("where a command works", () => {
  it.each([
    ["http://127.0.0.1:7071", "http://127.0.0.1:7071"],
    ["http://127.0.0.1:7071/", "http://127.0.0.1:7071"],
    ["http://localhost:7071/api", "http://localhost:7071"],
    ["https://app.azurewebsites.net/api/", "https://app.azurewebsites.net"],
  ])("is the host %s", (host, url) => {
    expect(targetOf({ host, key: "k" }, [vmId], {})).toEqual({ kind: "host", url, key: "k" });
  });

  it("is real Azure with --azure, and there the VM's resource group alone", () => {
    const target = targetOf({ azure: true }, [vmId], {});
    expect(target).toMatchObject({
      kind: "own",
      settings: { GOLDPATCH_SCOPE: [{ subscriptionId: SUBSCRIPTION, resourceGroup: "rg-web" }] },
    });
    expect(target).not.toHaveProperty("endpoint");
    expect(scopeOf(target)).toBe(GROUP);
  });

  it("is simulated Azure with GOLDPATCH_ARM_ENDPOINT", () => {
    const target = targetOf({}, [vmId], { GOLDPATCH_ARM_ENDPOINT: SIMULATED });
    expect(target).toMatchObject({ kind: "own", endpoint: SIMULATED });
  });

  it("keeps a scope that was set", () => {
    const scope = `/subscriptions/${SUBSCRIPTION}`;
    expect(scopeOf(targetOf({ azure: true }, [vmId], { GOLDPATCH_SCOPE: scope }))).toBe(scope);
  });

  it.each<[string, Parameters<typeof targetOf>[0], Parameters<typeof targetOf>[2], RegExp]>([
    ["nothing", {}, {}, /^nothing says where: write --host URL --key KEY .+ --azure .+ GOLDPATCH_ARM_ENDPOINT/],
    ["a host without key", { host: "http://127.0.0.1:1" }, {}, /^--key: missing; write --key KEY/],
    ["a key without host", { key: "k", azure: true }, {}, /^--key: without --host it opens nothing/],
    ["a host and Azure", { host: "http://127.0.0.1:1", key: "k", azure: true }, {}, /^--host and --azure: give one/],
    [
      "real and simulated Azure",
      { azure: true },
      { GOLDPATCH_ARM_ENDPOINT: SIMULATED },
      /^--azure: GOLDPATCH_ARM_ENDPOINT is "http:\/\/127\.0\.0\.1:8484", simulated Azure; unset it/,
    ],
    ["a host that is no address", { host: "prod", key: "k" }, {}, /^--host "prod": give it an https address/],
    [
      "a key in clear text off this machine",
      { host: "http://10.0.0.4:7071", key: "k" },
      {},
      /^--host "http:\/\/10\.0\.0\.4:7071": give it an https address/,
    ],
    [
      "a VM outside the scope",
      { azure: true },
      { GOLDPATCH_SCOPE: `/subscriptions/${SUBSCRIPTION}/resourceGroups/other` },
      /^VM_ID "[^"]+\/web-01": lies outside GOLDPATCH_SCOPE, which is "[^"]+\/other"; add [^ ]+\/rg-Web to it/,
    ],
  ])("refuses %s", (_, given, environment, message) => {
    expect(() => targetOf(given, [vmId], environment)).toThrow(message);
  });

  it("refuses what is no VM id", () => {
    expect(() => vmArgument.read("web-01")).toThrow(/^VM_ID "web-01": is no VM id; write \/subscriptions\/ID/);
  });
});
