import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Report } from "../../src/cli/doctor/report";
import type { TranscriptLine } from "../../src/local/simulated-azure";
import { ArmStub, VM_ID } from "./arm-stub";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-gold`;
const vm = (name: string): string => `${GROUP}/providers/Microsoft.Compute/virtualMachines/${name}`;
const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-doctor-"));
const PATIENCE_MS = 3 * 60_000;

const fleet = {
  start: "2026-11-23T08:00:00Z",
  subscriptionId: SUBSCRIPTION,
  resourceGroup: "rg-gold",
  location: "westeurope",
  images: [
    { name: "gold", kind: "galleryVersion", osType: "Linux" },
    { name: "old", kind: "managedImage", osType: "Linux", gone: true },
    { name: "client", kind: "galleryVersion", osType: "Windows", osName: "Windows 11 Enterprise" },
  ],
  vms: [
    { name: "well", image: "gold" },
    { name: "off-1", image: "gold", power: { state: "deallocated" } },
    { name: "off-2", image: "gold", power: { state: "deallocated" } },
    { name: "silent", image: "gold", agent: { state: "silent" }, failedExtension: "setup" },
    { name: "narrow", image: "gold", denied: ["Microsoft.Compute/virtualMachines/installPatches/action"] },
    { name: "unseen", image: "gold", denied: ["Microsoft.Compute/virtualMachines/read"] },
    { name: "orphan", image: "old", patchMode: "AutomaticByPlatform" },
    { name: "laptop", image: "client", licenseType: "Windows_Client" },
    {
      name: "told",
      image: "gold",
      graph: { readiness: ["Unsupported"], stalePrevious: { ageHours: 2, readiness: "Unsupported" } },
    },
  ],
};

function fleetFile(name: string, changes: object = {}): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify({ ...fleet, ...changes }));
  return file;
}

async function simulate(file: string, transcript = `${file}.jsonl`): Promise<Record<string, string>> {
  const azure = new Goldpatch(["simulate", "--port", "0", "--fleet", file, "--transcript", transcript]);
  return { GOLDPATCH_ARM_ENDPOINT: await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m) };
}

afterAll(async () => {
  await stopAll();
  rmSync(folder, { recursive: true });
});

describe("doctor", () => {
  const transcript = path.join(folder, "requests.jsonl");
  let settings: Record<string, string>;
  beforeAll(async () => {
    settings = await simulate(fleetFile("fleet.json"), transcript);
  }, PATIENCE_MS);

  const examine = async (subject: string, ...more: string[]) => {
    const { code, stdout, stderr } = await goldpatch(["doctor", subject, "--json", ...more], settings);
    return { code, stderr, report: JSON.parse(stdout) as Report };
  };
  const requests = () => {
    const lines = readFileSync(transcript, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as TranscriptLine);
  };
  const told = ({ findings }: Report) => findings.map(({ weight, code }) => `${weight} ${code}`);

  it(
    "says that nothing stands in the way of a VM that is well, and where it looked",
    async () => {
      const { code, stdout, stderr } = await goldpatch(["doctor", vm("well")], settings);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: `Subject:       ${vm("well")}\nVerdict:       nothing stands in the way\n`,
      });
      expect(stderr).toMatch(
        new RegExp(
          `^This is simulated Azure\\.\nSubscription: +${SUBSCRIPTION}\nScope: +${GROUP}\nTenant: +none$`,
          "m",
        ),
      );
    },
    PATIENCE_MS,
  );

  it.each([
    ["off-1", ["blocks VmDeallocated"]],
    ["silent", ["blocks AgentNotReady", "blocks ExtensionFailed"]],
    ["narrow", ["blocks PermissionMissing"]],
    ["unseen", ["blocks PermissionMissing", "blocks PermissionMissing"]],
    ["orphan", ["warns AutomaticPatchingHasNoEffect", "warns SchedulesSkipThisVm", "warns ImageGone"]],
    ["laptop", ["blocks ClientOs"]],
    ["told", ["blocks UnsupportedImage"]],
    ["nobody", ["blocks VmNotFound"]],
  ])(
    "finds what stands in the way of %s",
    async (name, findings) => {
      const { code, report } = await examine(vm(name));
      expect({ code, told: told(report) }).toEqual({
        code: findings.some((found) => found.startsWith("blocks")) ? 1 : 0,
        told: findings,
      });
    },
    PATIENCE_MS,
  );

  it(
    "names the missing action, and tells a remedy for each finding",
    async () => {
      const { stdout } = await goldpatch(["doctor", vm("narrow")], settings);
      expect(stdout).toMatch(
        /^In the way: +Microsoft\.Compute\/virtualMachines\/installPatches\/action is not granted; it is for installing\. \(PermissionMissing\)\nRemedy: +Grant it on the VM/m,
      );
    },
    PATIENCE_MS,
  );

  it(
    "looks at a subscription's VMs, tells a finding of many once, and stops where it is told to",
    async () => {
      const { code, report } = await examine(SUBSCRIPTION);
      expect({ code, vms: report.vms, verdict: report.verdict }).toEqual({
        code: 1,
        vms: { examined: 8, found: 8 },
        verdict: "blocked",
      });
      expect(report.findings[0]).toMatchObject({ code: "VmDeallocated", about: [vm("off-1"), vm("off-2")] });
      const queries = () => requests().filter(({ path: asked }) => asked.includes("Microsoft.ResourceGraph")).length;
      const before = queries();
      await examine(SUBSCRIPTION);
      // The list of VMs, and the rows of all of them; each once more if other tests used up the quota.
      expect(queries() - before).toBeLessThanOrEqual(4);

      const few = await goldpatch(["doctor", `/subscriptions/${SUBSCRIPTION}`, "--most", "2"], settings);
      expect(few.stdout).toMatch(/^VMs: +2 of 8 from customized images were looked at$/m);
    },
    PATIENCE_MS,
  );

  it("only reads", () => {
    const made = requests();
    const writes = made.filter(
      ({ method, path: asked }) => method !== "GET" && !asked.includes("Microsoft.ResourceGraph"),
    );
    expect(made.length).toBeGreaterThan(50);
    expect(writes).toEqual([]);
  });

  it(
    "tells what it could not look at, and goes on",
    async () => {
      const denied = [
        "Microsoft.Authorization/permissions/read",
        "Microsoft.Resources/subscriptions/providers/read",
        "Microsoft.Compute/galleries/images/read",
      ];
      settings = await simulate(fleetFile("narrow.json", { denied }));
      const { code, report } = await examine(vm("well"));
      expect({ code, told: told(report) }).toEqual({
        code: 0,
        told: ["warns ImageUnreadable", "unknown PermissionsUnreadable", "unknown ProviderUnreadable"],
      });

      const elsewhere = await examine("22222222-2222-4333-8444-555555555555");
      expect({ code: elsewhere.code, told: told(elsewhere.report) }).toEqual({
        code: 1,
        told: ["blocks SubscriptionNotFound"],
      });

      settings = await simulate(fleetFile("bare.json", { unregisteredProviders: ["Microsoft.Compute"] }));
      expect(told((await examine(vm("well"))).report)).toEqual([
        "blocks ProviderNotRegistered",
        "blocks AzureUnavailable",
      ]);
    },
    PATIENCE_MS,
  );

  it(
    "understands what shares nothing with simulated Azure",
    async () => {
      const stub = await ArmStub.start();
      settings = { GOLDPATCH_ARM_ENDPOINT: stub.url };
      const { report } = await examine(VM_ID);
      await stub.close();
      expect(told(report)).toEqual(["warns PermissionMissing", "warns ImageGone"]);
      expect(report.findings[0]?.saw).toMatch(/patchInstallationResults\/read is not granted/);
    },
    PATIENCE_MS,
  );
});

describe("doctor refuses, with one line and before any call,", () => {
  it.each([
    [
      "what is neither VM nor subscription",
      ["web-01"],
      /^goldpatch: VM_ID\|SUBSCRIPTION_ID "web-01": is neither; write /,
    ],
    ["a resource group", [GROUP], /is neither; write /],
    [
      "nothing that says where",
      [SUBSCRIPTION],
      /^goldpatch: nothing says where: write --azure for your real Azure, or set /,
    ],
    [
      "no VMs at all",
      [SUBSCRIPTION, "--azure", "--most", "0"],
      /^goldpatch: --most "0": give it a whole number from 1 to 1000/,
    ],
  ])("%s", async (_, args, line) => {
    const { code, stdout, stderr } = await goldpatch(["doctor", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(line);
  });
});
