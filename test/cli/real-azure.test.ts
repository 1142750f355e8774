import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const TENANT = "99999999-2222-4333-8444-555555555555";
const scope = { GOLDPATCH_SCOPE: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg` };

/** Only the Azure CLI's login is looked for, and the only `az` there is is ours: nothing leaves this machine. */
let folder: string;
let login: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "goldpatch-az-"));
  const claims = Buffer.from(JSON.stringify({ tid: TENANT, upn: "ops@example.com" })).toString("base64url");
  const token = { accessToken: `e30.${claims}.x`, expires_on: 4_102_444_800, tenant: TENANT, tokenType: "Bearer" };
  const az = path.join(folder, "az");
  writeFileSync(az, `#!/bin/sh\necho '${JSON.stringify(token)}'\n`);
  chmodSync(az, 0o755);
  login = { ...scope, AZURE_TOKEN_CREDENTIALS: "AzureCliCredential", PATH: `${folder}:/usr/bin:/bin` };
});
afterEach(stopAll);
afterAll(() => rmSync(folder, { recursive: true }));

describe("host, without GOLDPATCH_ARM_ENDPOINT", () => {
  it("tells tenant, subscription and scope, and starts nothing there without --yes", async () => {
    const host = new Goldpatch(["host", "--port", "0"], login);
    const url = await host.says("stdout", /^(http:.+)$/m);
    const key = await host.says("stderr", /x-functions-key: ([^']+)'/);
    const health = await fetch(`${url}/health`, { headers: { "x-functions-key": key } });
    const { stderr, code } = await host.stop();

    expect(stderr).toMatch(new RegExp(`^Tenant: +${TENANT} \\(as ops@example\\.com\\)$`, "m"));
    expect(stderr).toMatch(new RegExp(`^Subscription: +${SUBSCRIPTION}$`, "m"));
    expect(stderr).toMatch(new RegExp(`^Scope: +/subscriptions/${SUBSCRIPTION}/resourceGroups/rg$`, "m"));
    expect(stderr).toMatch(/^Read-only: +no assessment and no installation is started without --yes\.$/m);
    expect(health.status).toBe(200);
    expect(code).toBe(0);
  }, 30_000);

  it("starts nothing without a login", async () => {
    const noLogin = { ...login, PATH: "/nowhere" };
    const { code, stdout, stderr } = await goldpatch(["host", "--port", "0", "--yes"], noLogin);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^goldpatch: no login to Azure was found; run az login/m);
    expect(stderr).not.toMatch(/^ +at /m);
  }, 30_000);
});

describe("a command with --azure", () => {
  const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-web`;
  const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/web-01`;
  const ARC = `${GROUP}/providers/Microsoft.HybridCompute/machines/store-01`;
  let proxy: Server;
  /** Where connections were wanted to. */
  let wanted: string[];

  beforeAll(async () => {
    proxy = createServer().on("connect", ({ url = "" }, socket) => {
      wanted.push(url);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  });
  afterAll(() => new Promise((closed) => proxy.close(closed)));

  const settings = () => {
    wanted = [];
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    return { ...login, GOLDPATCH_SCOPE: "", HTTPS_PROXY: proxyUrl, https_proxy: proxyUrl, NO_PROXY: "", no_proxy: "" };
  };

  it("tells tenant, subscription and the VM's group as scope, and talks to Azure Resource Manager", async () => {
    const { code, stdout, stderr } = await goldpatch(["patch", VM, "--azure", "--dry-run"], settings());
    expect(stderr).toMatch(/^This is real Azure\.$/m);
    expect(stderr).toMatch(new RegExp(`^Tenant: +${TENANT} \\(as ops@example\\.com\\)$`, "m"));
    expect(stderr).toMatch(new RegExp(`^Subscription: +${SUBSCRIPTION}$`, "m"));
    expect(stderr).toMatch(new RegExp(`^Scope: +${GROUP}$`, "m"));
    expect(stdout).toMatch(/Then it ends: failed \(AzureUnavailable\)/);
    expect({ code, wanted }).toEqual({ code: 1, wanted: ["management.azure.com:443"] });
  }, 60_000);

  it.each([
    ["AzureUSGovernment", "management.usgovcloudapi.net", ["patch", VM, "--azure", "--dry-run"]],
    ["AzureChinaCloud", "management.chinacloudapi.cn", ["patch", ARC, "--azure", "--dry-run"]],
    ["AzureChinaCloud", "management.chinacloudapi.cn", ["doctor", VM, "--azure"]],
  ])(
    "talks to Resource Manager of %s alone when the setting says so",
    async (cloud, host, command) => {
      const { code, stderr } = await goldpatch(command, { ...settings(), GOLDPATCH_CLOUD: cloud });
      expect(stderr).toMatch(new RegExp(`^Azure: +https://${host}$`, "m"));
      expect(stderr).toMatch(new RegExp(`^This is real Azure, in ${cloud}\\.$`, "m"));
      expect({ code, hosts: [...new Set(wanted)] }).toEqual({ code: 1, hosts: [`${host}:443`] });
    },
    60_000,
  );

  it("says how to sign in to another cloud", async () => {
    const nobody = { ...settings(), PATH: "/nowhere", GOLDPATCH_CLOUD: "AzureUSGovernment" };
    const { code, stderr } = await goldpatch(["patch", VM, "--azure", "--yes"], nobody);
    expect({ code, wanted }).toEqual({ code: 1, wanted: [] });
    expect(stderr).toMatch(
      /^goldpatch: no login to AzureUSGovernment was found; run az cloud set --name AzureUSGovernment and az login/m,
    );
  }, 60_000);

  it("doctor says what it could not reach, and talks to nobody else", async () => {
    const { code, stdout, stderr } = await goldpatch(["doctor", VM, "--azure"], settings());
    expect(stderr).toMatch(new RegExp(`^Scope: +${GROUP}$`, "m"));
    expect(stdout).toMatch(/^In the way: +The VM could not be read: .+ \(AzureUnavailable\)$/m);
    expect(stdout).toMatch(/^Not known: +What this login may do could not be listed: .+ \(PermissionsUnreadable\)$/m);
    expect({ code, hosts: [...new Set(wanted)] }).toEqual({ code: 1, hosts: ["management.azure.com:443"] });
  }, 60_000);

  it("sends nothing without consent", async () => {
    const { code, stderr } = await goldpatch(["assess", VM, "--azure"], settings());
    expect({ code, wanted }).toEqual({ code: 2, wanted: [] });
    expect(stderr).toMatch(/^goldpatch: --yes: missing, and there is no terminal to ask on; .+\n$/);
  });

  it("sends nothing without a login", async () => {
    const { code, stderr } = await goldpatch(["patch", VM, "--azure", "--yes"], { ...settings(), PATH: "/nowhere" });
    expect({ code, wanted }).toEqual({ code: 1, wanted: [] });
    expect(stderr).toMatch(/^goldpatch: no login to Azure was found; run az login/m);
  }, 60_000);
});
