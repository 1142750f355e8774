import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const GROUP = "/subscriptions/5b1d3a52-7c0e-4d8f-9a41-0c6e2f97b310/resourceGroups/rg-production";
const vm = (name: string): string => `${GROUP}/providers/Microsoft.Compute/virtualMachines/${name}`;
const PATIENCE_MS = 3 * 60_000;
const SPEED = ["--speed", "100"];

describe("periodic-assessment", () => {
  let settings: Record<string, string>;
  beforeAll(async () => {
    const azure = new Goldpatch(["simulate", "--port", "0", ...SPEED]);
    settings = { GOLDPATCH_ARM_ENDPOINT: await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m) };
  }, PATIENCE_MS);
  afterAll(stopAll);

  it(
    "is turned on for a VM, says so again, and is shown",
    async () => {
      const on = ["periodic-assessment", "on", vm("web-01"), "--yes"];
      const first = await goldpatch([...on, ...SPEED], settings);
      expect(first).toMatchObject({ code: 0 });
      expect(first.stdout).toMatch(/^Periodic assessment: 1 changed\n {2}changed +\/subscriptions\/.+\/web-01\n$/);
      const again = await goldpatch([...on, "--json", ...SPEED], settings);
      expect(JSON.parse(again.stdout)).toEqual({
        ...{ schemaVersion: 1, on: true },
        vms: [{ vmId: vm("web-01"), result: "alreadySo" }],
      });
      const shown = await goldpatch(["periodic-assessment", "show", vm("web-01"), ...SPEED], settings);
      expect(shown).toMatchObject({
        code: 0,
        stdout: `Periodic assessment: on for 1 of 1 machines\n  on   ${vm("web-01")}\n`,
      });
    },
    PATIENCE_MS,
  );

  it(
    "is shown for a whole group, and changed for it",
    async () => {
      const off = await goldpatch(["periodic-assessment", "off", GROUP, "--yes", ...SPEED], settings);
      expect(off.stdout).toMatch(/^Periodic assessment: 1 changed, \d+ was so already\n/);
      const shown = await goldpatch(["periodic-assessment", "show", GROUP, "--json", ...SPEED], settings);
      const { vms } = JSON.parse(shown.stdout) as { vms: { vmId: string }[] };
      expect(vms.length).toBeGreaterThan(5);
    },
    PATIENCE_MS,
  );

  it.each([
    [["on", "web-01", "--yes"], /^goldpatch: VM_ID\|SCOPE "web-01": is neither; write \/subscriptions/],
    [["on", vm("web-01")], /^goldpatch: --yes: missing/],
    [["maybe"], /^goldpatch: "periodic-assessment maybe": no such command; use one of periodic-assessment show,/],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await goldpatch(["periodic-assessment", ...args], settings);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
