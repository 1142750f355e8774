import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const TENANT = "99999999-2222-4333-8444-555555555555";
const scope = { GOLDPATCH_SCOPE: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg` };

/** Only the Azure CLI's login is looked for, and the only `az` there is is ours: nothing leaves this machine. */
describe("host, without GOLDPATCH_ARM_ENDPOINT", () => {
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
