import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { PolicyDocument, PolicyView } from "../../src/contracts/api/policies";
import type { SweepView } from "../../src/contracts/api/sweeps";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SPEED = ["--speed", "400"];
const GROUP = "/subscriptions/5b1d3a52-7c0e-4d8f-9a41-0c6e2f97b310/resourceGroups/rg-production";
const PATIENCE_MS = 3 * 60_000;
const HASH = /^[0-9a-f]{64}$/;

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-sweeps-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

const policy = (name: string, more = ""): string => `version: 1
name: ${name}
scope:
  resourceGroups: [${GROUP}]
${more}`;
const GATED = "stages:\n  - { name: first, share: 1 }\n  - { name: rest, gate: { timeout: P30D } }\n";

/** One host against simulated Azure, spoken to by the commands. */
describe("sweeps and stored policies from the command line", () => {
  let where: string[];

  beforeAll(async () => {
    const azure = new Goldpatch(["simulate", "--port", "0", ...SPEED]);
    const endpoint = await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m);
    const settings = { GOLDPATCH_ARM_ENDPOINT: endpoint, GOLDPATCH_SCOPE: GROUP };
    const host = new Goldpatch(["host", "--port", "0", "--memory", ...SPEED], settings);
    where = [
      "--host",
      await host.says("stdout", /^(http:.+)$/m),
      "--key",
      await host.says("stderr", /x-functions-key: ([^']+)'/),
    ];
  }, PATIENCE_MS);
  afterAll(stopAll);

  const run = (...args: string[]) => goldpatch([...args, ...where]);
  const document = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await run(...args, "--json");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return { ...(JSON.parse(stdout) as T) };
  };

  it(
    "a policy is pushed, listed, shown as it was sent, and deleted",
    async () => {
      const text = `# kept\n${policy("nightly", 'schedule: { every: day, at: "02:00" }\n')}`;
      const pushed = await run("policy", "push", file("nightly.yaml", text), "--yes");
      expect(pushed.code).toBe(0);
      expect(pushed.stderr).toMatch(/^Host: +http/m);
      expect(pushed.stdout).toMatch(/^nightly +assess +setting +[0-9a-f]{12} +\d{4}-\d\d-\d\dT02:00Z/m);

      const { policies } = await document<{ policies: PolicyView[] }>("policy", "list");
      expect(policies).toMatchObject([{ name: "nightly", hash: expect.stringMatching(HASH) }]);
      expect((await run("policy", "show", "nightly")).stdout).toBe(text);
      const { policy: shown } = await document<{ policy: PolicyDocument }>("policy", "show", "nightly");
      expect(shown).toMatchObject({ name: "nightly", text, hash: policies[0]?.hash });

      expect(await run("policy", "delete", "nightly")).toMatchObject({ code: 0, stdout: "nightly: deleted\n" });
      expect((await run("policy", "list")).stdout).toBe("no policies\n");
    },
    PATIENCE_MS,
  );

  it(
    "a plan tells what a sweep would do, and starts nothing",
    async () => {
      const before = (await run("sweep", "list")).stdout;
      const { code, stdout } = await run("sweep", "plan", file("planned.yaml", policy("planned", GATED)));
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Policy: +planned, hash/m);
      expect(stdout).toMatch(/^Stage +VMs +Begins +Ends +Half of all cases +9 of 10 cases\nfirst +1 +\d{4}-/m);
      expect(stdout).toMatch(/^ {2}approvals are given at once$/m);
      expect((await run("sweep", "list")).stdout).toBe(before);
    },
    PATIENCE_MS,
  );

  it(
    "a sweep is started, approved, watched to its end, and shown",
    async () => {
      const started = await document<{ sweep: SweepView }>(
        "sweep",
        "start",
        file("gated.yaml", policy("gated", GATED)),
        "--yes",
      );
      const { sweepId } = started.sweep;
      expect(started.sweep).toMatchObject({ policy: "gated", mode: "assess" });

      const approved = await run("sweep", "approve", sweepId, "rest");
      expect(approved.code).toBe(0);
      const watched = await run("sweep", "watch", sweepId);
      expect(watched.code).toBe(0);
      expect(watched.stderr).toMatch(/^first: 1 of 1 ended, 0 failed \(1 \w+\)$/m);
      expect(watched.stderr).toMatch(/^completed$/m);
      expect(watched.stdout).toMatch(/^State: +completed$/m);
      expect(watched.stdout).toMatch(/^Stage +VMs +Ended +Failed +Outcomes\nfirst +1 +1 +0 /m);

      const { sweep } = await document<{ sweep: SweepView }>("sweep", "show", sweepId);
      expect(sweep.state).toBe("completed");
      expect((await run("sweep", "list")).stdout).toMatch(
        new RegExp(`^${sweepId} +gated +assess +\\d+ .*completed$`, "m"),
      );
    },
    PATIENCE_MS,
  );

  it(
    "a sweep by a stored policy is paused, resumed and cancelled; watch tells that it did not complete",
    async () => {
      await run("policy", "push", file("kept.yaml", policy("kept", GATED)), "--yes");
      const { sweep } = await document<{ sweep: SweepView }>("sweep", "start", "--policy", "kept", "--yes");
      expect(sweep.policy).toBe("kept");
      const paused = await document<{ sweep: SweepView }>("sweep", "pause", sweep.sweepId);
      expect(paused.sweep.paused).toBe(true);
      const resumed = await document<{ sweep: SweepView }>("sweep", "resume", sweep.sweepId);
      expect(resumed.sweep.paused).toBe(false);
      expect((await run("sweep", "cancel", sweep.sweepId)).code).toBe(0);
      const watched = await run("sweep", "watch", sweep.sweepId);
      expect(watched.code).toBe(1);
      expect(watched.stdout).toMatch(/^State: +cancelled$/m);

      const over = await run("sweep", "pause", sweep.sweepId);
      expect(over).toMatchObject({ code: 1, stdout: "" });
      expect(over.stderr).toMatch(/is over since .+: start another$/m);
    },
    PATIENCE_MS,
  );

  it.each([
    ["a sweep that nobody knows", ["sweep", "show", "policy-none"], /"policy-none" is no policy sweep/],
    ["a policy that nobody knows", ["policy", "show", "none"], /name: "none": no such policy is stored/],
    ["a stored policy that nobody knows", ["sweep", "start", "--policy", "none", "--yes"], /"none": no such policy/],
    [
      "places outside the host's scope",
      ["policy", "push", file("outside.yaml", policy("outside").replace("rg-production", "rg-other")), "--yes"],
      /scope\.resourceGroups: .+outside GOLDPATCH_SCOPE/,
    ],
  ])(
    "%s ends with 2 and one line",
    async (_what, args, message) => {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr.trimEnd().split("\n").at(-1)).toMatch(message);
    },
    PATIENCE_MS,
  );
});

describe("bad input", () => {
  const good = file("good.yaml", policy("good"));
  const wrong = file("wrong.yaml", policy("wrong", "concurrency: 0\nfoo: 1\n"));
  const host = ["--host", "http://127.0.0.1:9", "--key", "k"];

  it.each([
    ["no host", ["sweep", "list"], /^goldpatch: --host: missing; sweeps and policies live in a host that runs/],
    ["nothing to sweep by", ["sweep", "start", ...host], /^goldpatch: FILE and --policy NAME: give one of them/],
    ["two to sweep by", ["sweep", "start", good, "--policy", "x", ...host], /give one of them/],
    [
      "no consent",
      ["sweep", "start", good, ...host],
      /^goldpatch: --yes: missing, .+ or goldpatch policy explain to look/,
    ],
    ["no consent to store", ["policy", "push", good, ...host], /^goldpatch: --yes: missing/],
    ["what is no id", ["sweep", "show", "../x", ...host], /^goldpatch: ID "\.\.\/x": is no sweep's id/],
    ["what is no name", ["policy", "show", "A b", ...host], /^goldpatch: NAME "A b": is no policy's name/],
    ["an argument too many", ["sweep", "approve", "a", "b", "c", ...host], /^goldpatch: "c": no such argument/],
    ["no id", ["sweep", "watch", ...host], /^goldpatch: ID: missing/],
    ["half a command", ["sweep", "go"], /"sweep go": no such command; use one of sweep plan, sweep start/],
    ["a host that is not there", ["sweep", "list", ...host], /nothing answers there/],
  ])("%s ends with 2 and one line", async (_what, args, message) => {
    const { code, stdout, stderr } = await goldpatch(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^goldpatch: .+\n$/);
    expect(stderr).toMatch(message);
  });

  it.each([
    ["sweep", "start"],
    ["policy", "push"],
  ])("a policy that is wrong is told by line and column, before any host is asked: %s %s", async (...words) => {
    const { code, stdout, stderr } = await goldpatch([...words, wrong, "--yes", ...host]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.split("\n").slice(0, 2).join("\n")).toMatch(
      /:5:14: concurrency: 0: .+\n.+:6:1: foo: 1: no such field/,
    );
  });

  it.each([
    ["sweep", "start"],
    ["sweep", "approve"],
    ["policy", "push"],
  ])("%s %s --help ends with 0", async (...words) => {
    const { code, stdout } = await goldpatch([...words, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: goldpatch ${words.join(" ")} `);
  });
});
