import { describe, expect, it } from "@jest/globals";
import { ScheduleLedger, type ScheduleRun } from "../../src/ledger/schedules";
import { MemoryStore } from "../../src/store/memory";

const run: ScheduleRun = {
  scheduleId: "/schedules/a",
  runId: "/schedules/a/runs/20261201210000",
  run: "20261201210000",
  startsAt: "2026-12-01T21:00:00.000Z",
  endsAt: "2026-12-01T23:00:00.000Z",
  decision: null,
};
const later = {
  ...run,
  run: "20261202210000",
  runId: "/schedules/a/runs/20261202210000",
  endsAt: "2026-12-02T23:00:00.000Z",
};
const result = {
  vmId: "/VMs/One",
  status: "InProgress",
  outcome: null,
  code: null,
  installedPatchCount: 0,
  failedPatchCount: 0,
  pendingPatchCount: 0,
  imageId: null,
  supportState: null,
};

describe("the ledger of schedules", () => {
  it("knows schedules by their newest window, until they are forgotten", async () => {
    const ledger = new ScheduleLedger(new MemoryStore());
    const window = { recurEvery: "Day", startDateTime: "2026-12-01 22:00", timeZone: "UTC", duration: "02:00" };
    await ledger.note({ scheduleId: "/schedules/a", window: null });
    await ledger.note({ scheduleId: "/schedules/a", window });
    await ledger.note({ scheduleId: "/schedules/a", window });
    expect(await ledger.schedules()).toEqual([{ scheduleId: "/schedules/a", window }]);
    await ledger.forget("/schedules/a");
    expect(await ledger.schedules()).toEqual([]);
  });

  it("keeps a run as it began, however often that is told, and what was decided of it", async () => {
    const ledger = new ScheduleLedger(new MemoryStore());
    await ledger.begin(run);
    await ledger.decide({ ...run, decision: { kind: "cancelled", reason: "stopped" } });
    await ledger.begin(run);
    expect(await ledger.open()).toEqual([{ ...run, decision: { kind: "cancelled", reason: "stopped" } }]);
  });

  it("lists runs of one schedule, the newest first, also those that are closed", async () => {
    const ledger = new ScheduleLedger(new MemoryStore());
    await ledger.begin(run);
    await ledger.begin(later);
    await ledger.begin({ ...run, scheduleId: "/schedules/b" });
    await ledger.close(run);
    expect((await ledger.runsOf("/schedules/a")).map(({ run: name }) => name)).toEqual([later.run, run.run]);
    expect((await ledger.open()).map(({ scheduleId, run: name }) => `${scheduleId} ${name}`).toSorted()).toEqual([
      "/schedules/a 20261202210000",
      "/schedules/b 20261201210000",
    ]);
  });

  it("keeps each VM's newest result, and forgets it with its run, whether the schedule is still known or not", async () => {
    const ledger = new ScheduleLedger(new MemoryStore());
    await ledger.begin(run);
    await ledger.begin(later);
    await ledger.noteResult(run.runId, result);
    await ledger.noteResult(run.runId, { ...result, status: "Succeeded" });
    expect(await ledger.result(run.runId, "/vms/one")).toEqual({ ...result, status: "Succeeded" });
    await ledger.forgetHour("2026-12-01T22");
    expect(await ledger.results(run.runId)).toHaveLength(1);
    await ledger.forgetHour("2026-12-01T23");
    await ledger.forgetHour("2026-12-01T23");
    expect(await ledger.results(run.runId)).toEqual([]);
    expect((await ledger.runsOf(run.scheduleId)).map(({ run: name }) => name)).toEqual([later.run]);
  });
});
