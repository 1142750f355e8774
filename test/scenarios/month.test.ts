import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const DAY = 86_400_000;

test("thirty nights of sweeps, with production's intervals, leave one outcome for each VM and night", async () => {
  const names = ["web", "api", "db"];
  const world = await startWorld({
    fleet: fleetOf(names.map((name) => ({ name, image: "lin", events: [] }))),
    settings: { GOLDPATCH_SWEEP_SCHEDULE: "0 0 2 * * *", GOLDPATCH_SWEEP_MODE: "patch" },
  });
  await world.passes(30 * DAY);
  const runs = await world.settle();

  const ends = Map.groupBy(runs, ({ startedAt, outcome }) => `${startedAt.slice(0, 10)} ${outcome ?? "open"}`);
  const nights = Array.from({ length: 30 }, (_, night) => new Date(Date.parse("2026-12-02") + night * DAY));
  expect(Object.fromEntries([...ends].map(([end, ended]) => [end, ended.length]).sort())).toEqual(
    Object.fromEntries(
      nights.map((night, index) => [
        `${night.toISOString().slice(0, 10)} ${index === 0 ? "patchedWithWarnings" : "upToDate"}`,
        3,
      ]),
    ),
  );
  // The first night patched, but for the reboot that a VM older than a day is spared; the others found nothing to do.
  const installs = world.transcript.filter(({ path }) => path.includes("/installPatches?"));
  expect(installs).toHaveLength(names.length);
});
