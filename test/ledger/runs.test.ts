import { describe, expect, test } from "@jest/globals";
import { isRun, newRun, RunLedger, withStep, type RunPage, type RunRecord } from "../../src/ledger/runs";
import { MemoryStore } from "../../src/store/memory";

const AT = "2026-11-23T10:00:00.000Z";
const LATER = "2026-11-23T10:05:00.000Z";

const run = (runId = "run-1", changes: Partial<RunRecord> = {}): RunRecord => ({
  ...newRun(
    {
      runId,
      vmId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1",
      mode: "patch",
      trigger: "http",
      requestedAt: AT,
    },
    AT,
  ),
  ...changes,
});

test("a run that was asked for has seen nothing yet", () => {
  const request = {
    runId: "run-1",
    vmId: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1",
    mode: "patch",
    trigger: "http",
    requestedAt: AT,
    install: { rebootSetting: "Never" },
  } as const;
  expect(newRun(request, LATER)).toEqual({
    ...request,
    startedAt: LATER,
    endedAt: null,
    imageId: null,
    osType: null,
    supportState: null,
    outcome: null,
    code: null,
    nextStep: null,
    installedPatchCount: 0,
    failedPatchCount: 0,
    installPosts: 0,
    warnings: [],
    steps: [],
  });
});

describe("the run ledger", () => {
  test("keeps the first record of a run: a redelivered request changes nothing", async () => {
    const ledger = new RunLedger(new MemoryStore());
    expect(await ledger.get("run-1")).toBeUndefined();
    expect(await ledger.insertIfAbsent(run())).toBe(true);
    expect(await ledger.insertIfAbsent(run("run-1", { mode: "assess" }))).toBe(false);
    expect(await ledger.get("run-1")).toEqual(run());
  });

  test("changes a run that goes on", async () => {
    const ledger = new RunLedger(new MemoryStore());
    await ledger.insertIfAbsent(run());
    const changed = run("run-1", { installPosts: 1 });
    expect(await ledger.update("run-1", (known) => ({ ...known, installPosts: known.installPosts + 1 }))).toEqual(
      changed,
    );
    expect(await ledger.update("run-1", () => undefined)).toEqual(changed);
    expect(await ledger.get("run-1")).toEqual(changed);
  });

  test("never changes a run with an outcome", async () => {
    const ledger = new RunLedger(new MemoryStore());
    const settled = run("run-1", { outcome: "patched", code: "Patched", endedAt: LATER });
    await ledger.insertIfAbsent(settled);
    const another = (known: RunRecord): RunRecord => ({ ...known, outcome: "failed", code: "InternalError" });
    expect(await ledger.update("run-1", another)).toEqual(settled);
    expect(await ledger.get("run-1")).toEqual(settled);
  });

  test("gives a run one outcome when many end it at a time", async () => {
    const ledger = new RunLedger(new MemoryStore());
    await ledger.insertIfAbsent(run());
    const endings = Array.from({ length: 20 }, (_, index) =>
      ledger.update("run-1", (known) => ({ ...known, outcome: "failed", detail: `ending ${index}` })),
    );
    const details = new Set((await Promise.all(endings)).map((ended) => ended?.detail));
    expect(details).toEqual(new Set([(await ledger.get("run-1"))?.detail]));
    expect(details.size).toBe(1);
  });

  test("creates no run by changing it", async () => {
    const ledger = new RunLedger(new MemoryStore());
    expect(await ledger.update("run-1", (known) => known)).toBeUndefined();
    expect(await ledger.list()).toEqual([]);
  });

  test("removes a run that is as it was read", async () => {
    const ledger = new RunLedger(new MemoryStore());
    await ledger.insertIfAbsent(run());
    const seen = await ledger.row("run-1");
    if (!seen) throw new Error("no row");
    await ledger.update("run-1", (known) => ({ ...known, installPosts: 1 }));
    expect(await ledger.remove(seen)).toBe(false);
    const again = await ledger.row("run-1");
    expect(again && (await ledger.remove(again))).toBe(true);
    expect(await ledger.row("run-1")).toBeUndefined();
  });

  test.each<[string, object, boolean]>([
    ["a run", run(), true],
    ["a run that ended", run("run-1", { outcome: "patched" }), true],
    ["nothing", {}, false],
    ["a run without its steps", { ...run(), steps: undefined }, false],
    ["a run of which the outcome is not told", { ...run(), outcome: undefined }, false],
    ["another format", { format: 2, steps: [] }, false],
  ])("tells whether a row holds a run of this version: %s", (_what, value, readable) => {
    expect(isRun(value)).toBe(readable);
  });

  test("lists every run", async () => {
    const ledger = new RunLedger(new MemoryStore());
    for (const runId of ["run-2", "run-1"]) await ledger.insertIfAbsent(run(runId));
    expect(await ledger.list()).toEqual([run("run-1"), run("run-2")]);
  });
});

describe("a run's steps", () => {
  const begun = withStep(run(), { name: "assessPatches", at: AT, evidence: { activityId: "a", polls: 1 } });

  test("begin with their first note", () => {
    expect(begun.steps).toEqual([
      { name: "assessPatches", attempt: 1, startedAt: AT, endedAt: null, evidence: { activityId: "a", polls: 1 } },
    ]);
  });

  test("gather evidence and keep their start", () => {
    const { steps } = withStep(begun, { name: "assessPatches", at: LATER, evidence: { polls: 2 } });
    expect(steps).toEqual([
      { name: "assessPatches", attempt: 1, startedAt: AT, endedAt: null, evidence: { activityId: "a", polls: 2 } },
    ]);
  });

  test("end, and stay ended when more is noted", () => {
    const ended = withStep(begun, { name: "assessPatches", at: LATER, ended: true });
    const { steps } = withStep(ended, { name: "assessPatches", at: "2026-11-23T11:00:00.000Z" });
    expect(steps).toEqual([
      { name: "assessPatches", attempt: 1, startedAt: AT, endedAt: LATER, evidence: { activityId: "a", polls: 1 } },
    ]);
  });

  test("are told apart by name and attempt, in the order in which they began", () => {
    const notes = [
      { name: "readSupportState", at: AT },
      { name: "assessPatches", attempt: 2, at: LATER },
      { name: "assessPatches", attempt: 1, at: LATER, ended: true },
    ] as const;
    const { steps } = notes.reduce<RunRecord>((known, note) => withStep(known, note), begun);
    expect(steps.map(({ name, attempt, endedAt }) => [name, attempt, endedAt])).toEqual([
      ["assessPatches", 1, LATER],
      ["readSupportState", 1, null],
      ["assessPatches", 2, null],
    ]);
  });

  test("are a new record's: the old one stays as it was", () => {
    const before = structuredClone(begun);
    withStep(begun, { name: "assessPatches", at: LATER, ended: true });
    expect(begun).toEqual(before);
  });
});

describe("runs in pages", () => {
  const ids = ["event-0a", "event-0b", "event-ff", "http-00", "sweep-10", "sweep-f0"];
  const filled = async () => {
    const runs = new RunLedger(new MemoryStore());
    for (const id of ids.toReversed())
      await runs.insertIfAbsent(run(id, { installPosts: id.startsWith("sweep") ? 1 : 0 }));
    return runs;
  };
  const every = () => true;
  const page = async (after: string, limit: number, isWanted: (run: RunRecord) => boolean = every) => {
    const { runs, next } = await (await filled()).page(after, limit, isWanted);
    return { ids: runs.map(({ runId }) => runId), next };
  };

  test.each([1, 2, 3, 5, 6, 7])("of %i name each run once, by id", async (limit) => {
    const runs = await filled();
    const seen: string[] = [];
    for (let after: string | undefined = ""; after !== undefined;) {
      const { runs: some, next }: RunPage = await runs.page(after, limit, every);
      expect(some.length).toBe(Math.min(limit, ids.length - seen.length));
      seen.push(...some.map(({ runId }) => runId));
      after = next;
    }
    expect(seen).toEqual(ids);
  });

  test("the last page names no next", async () => {
    expect(await page("http-00", 2)).toEqual({ ids: ["sweep-10", "sweep-f0"], next: undefined });
    expect(await page("sweep-f0", 2)).toEqual({ ids: [], next: undefined });
  });

  test("a page begins after any text", async () => {
    expect(await page("event-0a5", 2)).toEqual({ ids: ["event-0b", "event-ff"], next: "event-ff" });
    expect(await page("h", 1)).toEqual({ ids: ["http-00"], next: "http-00" });
    expect(await page("zzz", 1)).toEqual({ ids: [], next: undefined });
  });

  test("only runs that are wanted count", async () => {
    expect(await page("", 1, ({ installPosts }) => installPosts > 0)).toEqual({ ids: ["sweep-10"], next: "sweep-10" });
    expect(await page("", 2, ({ installPosts }) => installPosts > 0)).toEqual({
      ids: ["sweep-10", "sweep-f0"],
      next: undefined,
    });
  });
});
