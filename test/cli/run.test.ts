import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DryRunPlan, RunView } from "../../src/contracts/api/runs";
import type { VmView } from "../../src/contracts/api/vms";
import type { TranscriptLine } from "../../src/local/simulated-azure";
import type { AzureRequest } from "../../src/cli/support-ticket";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SPEED = ["--speed", "200"];
const GROUP = "/subscriptions/5b1d3a52-7c0e-4d8f-9a41-0c6e2f97b310/resourceGroups/rg-production";
const vm = (name: string): string => `${GROUP}/providers/Microsoft.Compute/virtualMachines/${name}`;
const PATIENCE_MS = 3 * 60_000;

interface Part {
  readonly vmId: string;
  readonly plan: DryRunPlan | null;
  readonly run: RunView | null;
  readonly vm: VmView | null;
}

/** Own hosts and a running one, against one simulated Azure that is served to all of them. */
describe("assess and patch", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-run-"));
  const transcript = path.join(folder, "requests.jsonl");
  let settings: Record<string, string>;

  const requests = (name: string): TranscriptLine[] =>
    readFileSync(transcript, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TranscriptLine)
      .filter((line) => line.path.includes(`/virtualMachines/${name}`));
  const posts = (name: string) => requests(name).filter(({ method }) => method === "POST");
  const documents = (stdout: string) => (JSON.parse(stdout) as { machines: [Part, ...Part[]] }).machines;
  const document = (stdout: string) => documents(stdout)[0];

  beforeAll(async () => {
    const azure = new Goldpatch(["simulate", "--port", "0", "--transcript", transcript, ...SPEED]);
    settings = { GOLDPATCH_ARM_ENDPOINT: await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m) };
  }, PATIENCE_MS);
  afterAll(async () => {
    await stopAll();
    rmSync(folder, { recursive: true });
  });

  it(
    "patches one VM, shows where it works first, and makes the calls that it explained",
    async () => {
      const { code, stdout, stderr } = await goldpatch(
        ["patch", vm("web-01"), "--yes", "--explain", "--json", ...SPEED],
        settings,
      );
      const { plan, run } = document(stdout);
      expect({ code, outcome: run?.outcome }).toEqual({ code: 0, outcome: "patched" });
      expect(stderr).toMatch(new RegExp(`^Scope: +${GROUP}\nTenant: +none\nCalls, in this order:\n  GET https:`, "m"));
      const explained = plan?.calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
      const made = posts("web-01").map((request) => `POST ${new URL(request.path, "http://x").pathname}`);
      expect(made).toEqual([`POST ${vm("web-01")}/assessPatches`, `POST ${vm("web-01")}/installPatches`]);
      expect(explained).toEqual(expect.arrayContaining(made));
    },
    PATIENCE_MS,
  );

  it(
    "assesses through a host that runs, and says in words what became of it",
    async () => {
      const host = new Goldpatch(["host", "--port", "0", "--memory", ...SPEED], {
        ...settings,
        GOLDPATCH_SCOPE: GROUP,
      });
      const url = await host.says("stdout", /^(http:.+)$/m);
      const key = await host.says("stderr", /x-functions-key: ([^']+)'/);
      const where = ["--host", url, "--key", key];
      const { code, stdout, stderr } = await goldpatch(["assess", vm("web-02"), "--yes", ...where]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toMatch(/^Outcome: +assessed \(Supported\)\nMeaning: +Assessed only/m);
      expect(stdout).toMatch(/^Next step: +Run with mode "patch"/m);
      expect(stdout).toMatch(/assessPatches; activityId [0-9a-f-]{36}/);
      expect(stderr).toMatch(new RegExp(`^Host: +${new URL(url).origin}$`, "m"));
      expect(stderr).toMatch(new RegExp(`^Scope: +${GROUP.toLowerCase()}$`, "im"));
      expect(posts("web-02")).toHaveLength(1);

      const runId = /^Run: +(http-[0-9a-f]+)$/m.exec(stdout)?.[1] ?? "";
      const explained = await goldpatch(["explain", runId, ...where, "--json"]);
      const { azureRequests } = JSON.parse(explained.stdout) as { azureRequests: AzureRequest[] };
      expect(azureRequests).toMatchObject([{ step: "assessPatches", activityId: posts("web-02")[0]?.operationId }]);

      const wrongKey = await goldpatch(["assess", vm("web-02"), "--yes", "--host", url, "--key", "wrong"]);
      expect(wrongKey).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(/^goldpatch: --key: .+\n$/),
      });
      const outside = vm("web-02").replace("rg-production", "rg-other");
      const refused = await goldpatch(["assess", outside, "--yes", ...where]);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/outside GOLDPATCH_SCOPE: .+rg-other/) });
    },
    PATIENCE_MS,
  );

  it(
    "lists what a dry run would do, and sends nothing but the read",
    async () => {
      const { code, stdout } = await goldpatch(["patch", vm("batch-01"), "--dry-run", ...SPEED], settings);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^ {2}Then it ends: notReady \(VmDeallocated\)/m);
      expect(requests("batch-01").map(({ method }) => method)).toEqual(["GET"]);
    },
    PATIENCE_MS,
  );

  it(
    "refuses options for another system than the VM's, after a look and before anything else",
    async () => {
      const args = ["patch", vm("web-04"), "--include-packages", "openssl*", "--yes", ...SPEED];
      const { code, stdout, stderr } = await goldpatch(args, settings);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(
        /^goldpatch: the options are for Linux \(--include-packages, .+\), and web-04 runs Windows: leave them out$/m,
      );
      expect(posts("web-04")).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "support tells what is on record, and starts nothing",
    async () => {
      const { code, stdout } = await goldpatch(["support", vm("web-05"), ...SPEED], settings);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Support state: .+\nSource: +.+$/m);
      const seen = requests("web-05").map(({ method }) => method);
      expect(seen).toEqual(["GET"]);
    },
    PATIENCE_MS,
  );

  it("refuses to start anything without consent", async () => {
    const { code, stdout, stderr } = await goldpatch(["patch", vm("web-03"), ...SPEED], settings);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^goldpatch: --yes: missing.+\n$/);
    expect(requests("web-03")).toEqual([]);
  });

  it(
    "assesses several VMs at once, each one once, and lists what each lacks by name",
    async () => {
      const [one, other] = [vm("web-02"), vm("api-02")];
      const before = posts("web-02").length;
      const json = await goldpatch(["assess", one, other, one.toUpperCase(), "--yes", "--json", ...SPEED], settings);
      expect(json.code).toBe(0);
      const machines = documents(json.stdout);
      expect(machines.map(({ vmId, run }) => [vmId.toLowerCase(), run?.outcome])).toEqual([
        [one.toLowerCase(), "assessed"],
        [other.toLowerCase(), "assessed"],
      ]);
      expect(posts("web-02").length + posts("WEB-02").length).toBe(before + 1);
      for (const { vm: seen } of machines) {
        const count = Object.values(seen?.pending ?? {}).reduce((sum, pending) => sum + pending, 0);
        expect(seen?.missing?.patches).toHaveLength(count);
      }
      expect(json.stderr).toMatch(/^\d\d:\d\d:\d\d {2}api-02: Azure assesses the VM$/m);

      const told = await goldpatch(["support", one, ...SPEED], settings);
      expect(told.stdout).toMatch(/^Missing patches by name, from Resource Graph, as of 2026-/m);
      expect(told.stdout).toMatch(/^ {2}\w+ +(no reboot|needs a reboot) +\S/m);

      const imageId = machines[0].vm?.imageId ?? "";
      const image = await goldpatch(["support", imageId, ...SPEED], { ...settings, GOLDPATCH_SCOPE: GROUP });
      expect(image.stdout).toMatch(new RegExp(`^Image: +${imageId}\nVerdict: +none yet\nVMs: +.*Supported \\d`, "m"));
      expect(image.stdout).toMatch(new RegExp(`^ {2}Supported +2026-[^ ]+ +${one}$`, "im"));
    },
    PATIENCE_MS,
  );

  it(
    "goes on with a run that it left behind, and starts no other",
    async () => {
      const data = ["--data", path.join(folder, "data")];
      const first = new Goldpatch(["patch", vm("api-01"), "--yes", ...data, ...SPEED], settings);
      const runId = await first.says("stderr", /^Run: +(http-[0-9a-f]{32})$/m);
      await first.says("stderr", /Azure assesses the VM/);
      first.signal("SIGINT");
      const stopped = await first.ended;
      expect(stopped).toMatchObject({ code: 130, stderr: expect.stringContaining(`Run ${runId} is not over`) });

      const second = await goldpatch(["patch", vm("api-01"), "--yes", "--json", ...data, ...SPEED], settings);
      expect(document(second.stdout).run).toMatchObject({ runId, outcome: "patched", installPosts: 1 });

      const explained = await goldpatch(["explain", runId, ...data]);
      expect(explained.code).toBe(0);
      expect(explained.stdout).toMatch(/^Outcome: +patched \(Patched\)$/m);
      const install = posts("api-01").find(({ path: to }) => to.includes("/installPatches"));
      expect(explained.stdout).toMatch(new RegExp(`^ +activity id +${install?.operationId ?? ""}$`, "m"));
      expect(explained.stdout).toMatch(
        new RegExp(`^ +x-ms-client-request-id +${install?.clientRequestId ?? ""}$`, "m"),
      );
    },
    PATIENCE_MS,
  );
});
