import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TranscriptLine } from "../../src/local/simulated-azure";
import { Goldpatch, goldpatch, ROOT, stopAll, type Ended } from "./goldpatch";

interface Run {
  readonly vmId: string;
  readonly trigger: string;
  readonly outcome: string;
  readonly code: string;
  readonly imageId: string | null;
  readonly nextStep: string;
  readonly installedPatchCount: number;
  readonly installPosts: number;
  readonly startedAt: string;
  readonly steps: readonly object[];
}
interface DemoDocument {
  readonly schemaVersion: number;
  readonly seed: number;
  readonly runs: readonly Run[];
  readonly outcomes: Readonly<Record<string, number>>;
}

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-demo-"));
const transcriptFile = path.join(folder, "transcript.jsonl");
let ended: Ended;
let document: DemoDocument;
let transcript: TranscriptLine[];

const MINUTE = 60_000;
const documentOf = ({ stdout }: Ended): DemoDocument => JSON.parse(stdout) as DemoDocument;
const namesOf = (value: object): string[] => Object.keys(value);

beforeAll(async () => {
  ended = await goldpatch(["demo", "--once", "--json", "--seed", "7", "--transcript", transcriptFile]);
  document = documentOf(ended);
  transcript = readFileSync(transcriptFile, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TranscriptLine);
}, MINUTE);
afterEach(stopAll);
afterAll(() => rmSync(folder, { recursive: true }));

describe("demo --once --json", () => {
  it("ends with 0 after one line of JSON on standard output", () => {
    expect(ended.code).toBe(0);
    expect(ended.stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  it("tells its progress on standard error", () => {
    expect(ended.stderr).toMatch(/^08:\d\d:\d\d {2}web-01 +patched \(Patched\)$/m);
  });

  it("has exactly the published fields", () => {
    expect(namesOf(document)).toEqual(["schemaVersion", "seed", "runs", "outcomes"]);
    expect(document).toMatchObject({ schemaVersion: 1, seed: 7 });
    for (const run of document.runs) {
      expect(namesOf(run)).toEqual([
        ...["runId", "trigger", "vmId", "imageId", "osType", "supportState", "outcome", "code", "nextStep"],
        ...["installedPatchCount", "failedPatchCount", "installPosts", "startedAt", "endedAt", "steps"],
      ]);
      for (const step of run.steps) expect(namesOf(step)).toEqual(["name", "startedAt", "endedAt", "evidence"]);
    }
  });

  it("orders runs by start, then by VM", () => {
    const keys = document.runs.map(({ startedAt, vmId }) => `${startedAt} ${vmId}`);
    expect(keys).toEqual(keys.toSorted());
  });

  it("shows all eleven outcomes and counts every run once", () => {
    expect(namesOf(document.outcomes)).toHaveLength(11);
    const counted = Object.values(document.outcomes).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(document.runs.length);
    for (const { outcome } of document.runs) expect(document.outcomes[outcome]).toBeGreaterThan(0);
  });

  it("handles every VM from a customized image and every Arc-enabled server, once each where it installs", () => {
    const { vms, images, machines } = JSON.parse(
      readFileSync(path.join(ROOT, "src/local/demo/fleet.json"), "utf8"),
    ) as {
      vms: { name: string; image: string; scaleSet?: string }[];
      images: { name: string; kind: string }[];
      machines: { name: string }[];
    };
    const customized = new Set(images.filter(({ kind }) => kind !== "marketplace").map(({ name }) => name));
    const ofImages = vms.filter(({ image, scaleSet }) => customized.has(image) && scaleSet === undefined);
    const expected = [...ofImages, ...machines];
    const runsOf = Map.groupBy(document.runs, ({ vmId }) => vmId.split("/").at(-1) ?? "");
    expect([...runsOf.keys()].toSorted()).toEqual(expected.map(({ name }) => name).toSorted());
    for (const runs of runsOf.values()) {
      expect(runs.reduce((sum, { installPosts }) => sum + installPosts, 0)).toBeLessThanOrEqual(1);
    }
  });

  it("is started by event, sweep and request, and asks by hand only what nothing else would do", () => {
    const byTrigger = Map.groupBy(document.runs, ({ trigger }) => trigger);
    expect([...byTrigger.keys()].toSorted()).toEqual(["event", "http", "sweep"]);
    expect(byTrigger.get("http")?.map(({ outcome }) => outcome)).toEqual([
      ...["cancelled", "patched", "patched", "notReady"],
      "assessed",
    ]);
  });

  it(
    "ends alike for the same seed",
    async () => {
      const again = documentOf(await goldpatch(["demo", "--once", "--json", "--seed", "7"]));
      const endings = ({ runs }: DemoDocument) =>
        runs.map(({ vmId, trigger, outcome, code }) => [vmId, trigger, outcome, code].join(" ")).toSorted();
      expect(endings(again)).toEqual(endings(document));
    },
    MINUTE,
  );
});

describe("the demo's transcript", () => {
  const isGet = ({ method, path }: TranscriptLine) =>
    method === "GET" && /(?:\/virtualMachines|HybridCompute\/machines)\/[^/?]+\?/i.test(path);
  const isAssess = ({ method, path }: TranscriptLine) => method === "POST" && /\/assessPatches\?/i.test(path);
  const isInstall = ({ method, path }: TranscriptLine) => method === "POST" && /\/installPatches\?/i.test(path);
  const isQuery = ({ method, path }: TranscriptLine) => method === "POST" && /Microsoft\.ResourceGraph/i.test(path);
  const isAccepted = ({ status }: TranscriptLine) => status === 202;

  it("shows each VM read, then assessed, then looked up, before it is installed on, at most once", () => {
    const installs = transcript.filter((line) => isInstall(line) && isAccepted(line));
    expect(installs.length).toBeGreaterThan(10);
    expect(new Set(installs.map(({ vmIds }) => vmIds[0])).size).toBe(installs.length);
    for (const install of installs) {
      const vmId = install.vmIds[0] ?? "";
      const ofVm = transcript.filter(({ vmIds }) => vmIds.includes(vmId));
      const before = ofVm.slice(0, ofVm.indexOf(install));
      const query = before.findLastIndex(isQuery);
      const assess = before.slice(0, query).findLastIndex(isAssess);
      expect(assess).toBeGreaterThan(-1);
      expect(before.slice(0, assess).some(isGet)).toBe(true);
    }
  });

  it("shows no two polls of an operation within 15 seconds", () => {
    const polls = transcript.filter(({ method, operationId }) => method === "GET" && operationId !== null);
    expect(polls.length).toBeGreaterThan(20);
    for (const ofOperation of Map.groupBy(polls, ({ operationId }) => operationId).values()) {
      // One look is the operation's address and, once it has ended, the address of its result.
      const looks = ofOperation.filter(({ path }) => !path.includes("monitor=true")).map(({ t }) => Date.parse(t));
      for (const [index, at] of looks.slice(1).entries())
        expect(at - (looks[index] ?? 0)).toBeGreaterThanOrEqual(15_000);
    }
  });

  it("tells no signature of an operation's address", () => {
    for (const { path } of transcript) expect(path).not.toMatch(/[?&][tcsh]=(?!\*)/);
  });
});

describe("demo", () => {
  it(
    "shows a table by image version, then serves its API until it is stopped",
    async () => {
      const demo = new Goldpatch(["demo", "--speed", "20000", "--port", "0"]);
      const curl = await demo.says("stderr", /^curl -s (.+)$/m);
      const [, url = "", key = ""] = /'([^']+)' -H 'x-functions-key: ([^']+)'/.exec(curl) ?? [];
      const answer = await fetch(url, { headers: { "x-functions-key": key } });
      expect(answer.status).toBe(200);
      const { runs } = (await answer.json()) as { runs: Run[] };
      expect(runs.length).toBeGreaterThan(0);

      expect(demo.stdout).toMatch(
        /^corpgallery\/win2022-golden\/2026\.10\.1 \| Windows \| Supported \| 5 of 9 patched$/m,
      );
      expect(demo.stdout).toMatch(/^\(Arc-enabled servers, Windows\) \| Supported \| 1 of 1 patched$/m);
      expect(demo.stdout).toMatch(/^\(Arc-enabled servers, Linux\) \| Supported \| 1 of 2 patched$/m);
      expect(demo.stdout).toMatch(/^ {2}notReady +ArcDisconnected +edge-02 +On the server, start it/m);
      expect(demo.stdout).toMatch(/^ {2}notReady +VmDeallocated +batch-01 +Start the VM, then run again\.$/m);

      const stoppedAt = Date.now();
      expect((await demo.stop()).code).toBe(0);
      expect(Date.now() - stoppedAt).toBeLessThan(1500);
      expect(demo.leftSomethingBehind).toBe(false);
    },
    MINUTE,
  );

  it(
    "leaves nothing behind when it is stopped in the middle",
    async () => {
      const demo = new Goldpatch(["demo", "--once", "--json", "--speed", "60"]);
      await demo.says("stderr", /assessing patches/);
      const { code, stdout } = await demo.stop();
      expect({ code, stdout }).toEqual({ code: 143, stdout: "" });
      expect(demo.leftSomethingBehind).toBe(false);
    },
    MINUTE,
  );

  it(
    "does the main job for another fleet",
    async () => {
      const file = path.join(folder, "one-vm.json");
      writeFileSync(
        file,
        JSON.stringify({
          start: "2027-03-01T00:00:30Z",
          subscriptionId: "00000000-0000-4000-8000-000000000001",
          resourceGroup: "rg",
          location: "westeurope",
          images: [
            {
              name: "gold",
              kind: "galleryVersion",
              osType: "Linux",
              pending: [{ name: "openssl", version: "3.0.2", classification: "Security" }],
            },
          ],
          vms: [{ name: "only", image: "gold" }],
        }),
      );
      const { code, stdout } = await goldpatch(["demo", "--once", "--json", "--fleet", file]);
      expect(code).toBe(0);
      expect((JSON.parse(stdout) as DemoDocument).runs).toEqual([
        expect.objectContaining({ trigger: "sweep", outcome: "patched", installedPatchCount: 1, installPosts: 1 }),
      ]);
    },
    MINUTE,
  );

  it(
    "is the same whatever the user's own settings are, and says that it ignores them",
    async () => {
      const { code, stderr } = await goldpatch(["demo", "--once", "--json"], { GOLDPATCH_PAUSED: "true" });
      expect(code).toBe(0);
      expect(stderr).toMatch(/^The demo ignores your settings GOLDPATCH_PAUSED;/m);
      expect(stderr).not.toMatch(/Paused\)/);
    },
    MINUTE,
  );

  it.each(readFilesOfDemo())("names no outcome in src/local/demo/%s", (_, content) => {
    expect(content).not.toMatch(
      /\b(?:patched|patchedWithWarnings|assessed|upToDate|undetermined|notReady|busy|failed|skipped|cancelled)\b/,
    );
  });
});

function readFilesOfDemo(): [string, string][] {
  const files = [
    "demo.ts",
    "demo-settings.ts",
    "end-of-events.ts",
    "host-api.ts",
    "main-job.ts",
    "own-requests.ts",
    "starting-at.ts",
  ];
  return files.map((file) => [file, readFileSync(path.join(ROOT, "src/local/demo", file), "utf8")]);
}
