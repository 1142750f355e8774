import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { AssignmentView, ScheduleView } from "../../src/contracts/api/schedules";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const GROUP = "/subscriptions/5b1d3a52-7c0e-4d8f-9a41-0c6e2f97b310/resourceGroups/rg-production";
const SCHEDULE = `${GROUP}/providers/Microsoft.Maintenance/maintenanceConfigurations/nightly`;
const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/web-01`;
const PATIENCE_MS = 3 * 60_000;
/** Two days from now, whenever that is. */
const START = `${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)} 22:00`;
const WINDOW = ["--recur", "Day", "--start", START, "--time-zone", "W. Europe Standard Time", "--duration", "02:00"];

/** Own hosts, one a command, against one simulated Azure that is served to all of them. */
describe("goldpatch schedule", () => {
  let settings: Record<string, string>;
  const run = (...args: string[]) => goldpatch(["schedule", ...args], settings);

  beforeAll(async () => {
    const azure = new Goldpatch(["simulate", "--port", "0"]);
    settings = {
      GOLDPATCH_ARM_ENDPOINT: await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m),
    };
  }, PATIENCE_MS);
  afterAll(stopAll);

  it(
    "creates, assigns with a diff, makes ready on demand, shows, lists, lets go and deletes",
    async () => {
      const created = await run("create", SCHEDULE, "--location", "westeurope", ...WINDOW, "--yes", "--json");
      expect([created.code, created.stderr]).toEqual([0, expect.stringContaining("Creates /subscriptions/")]);
      const { schedule } = JSON.parse(created.stdout) as { schedule: ScheduleView };
      expect(schedule).toMatchObject({ scheduleId: SCHEDULE, window: { recurEvery: "Day", startDateTime: START } });

      const looked = await run("assign", SCHEDULE, "--vms", VM, "--dry-run");
      expect(looked.code).toBe(1);
      expect(looked.stdout).toContain("web-01: nothing patches it: its schedule fails");
      expect(looked.stdout).toMatch(
        /\n {2}- osProfile\..+patchMode: \w+\n {2}\+ osProfile\..+patchMode: AutomaticByPlatform\n/,
      );
      expect(looked.stdout).toContain("not applied: --apply-prerequisites does it");

      const assigned = await run("assign", SCHEDULE, "--vms", VM, "--apply-prerequisites", "--yes", "--json");
      const { assignment } = JSON.parse(assigned.stdout) as { assignment: AssignmentView };
      expect([assigned.code, assignment.vms[0]?.situation, assignment.vms[0]?.applied]).toEqual([
        0,
        "scheduleRuns",
        true,
      ]);

      const shown = await run("show", SCHEDULE);
      expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`Window:        Day from ${START}`)]);
      const listed = await goldpatch(["schedule", "list"], { ...settings, GOLDPATCH_SCOPE: GROUP });
      expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining(SCHEDULE)]);

      const gone = await run("unassign", SCHEDULE, "--vms", VM, "--yes");
      expect([gone.code, gone.stdout]).toEqual([0, "web-01: unassigned\n"]);
      const scoped = await run(
        "assign",
        SCHEDULE,
        "--scope-name",
        "all",
        "--resource-groups",
        "rg-production",
        "--tags",
        "none=such",
        "--yes",
      );
      expect([scoped.code, scoped.stdout]).toEqual([0, "Dynamic scope all: assigned; it takes in 0 machines now\n"]);

      expect((await run("delete", SCHEDULE, "--yes")).code).toBe(0);
      const lost = await run("show", SCHEDULE);
      expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining("Azure knows no such maintenance")]);
    },
    PATIENCE_MS,
  );

  it.each([
    ["no schedule's id", ["show", "nightly"], 'SCHEDULE_ID "nightly": is no maintenance configuration'],
    ["no region", ["create", SCHEDULE, ...WINDOW, "--yes"], "--location: missing"],
    [
      "no window",
      ["create", SCHEDULE, "--location", "x", "--yes"],
      "--recur, --start, --time-zone, --duration: missing",
    ],
    ["nobody to ask", ["delete", SCHEDULE], "--yes: missing"],
    ["nobody to assign", ["assign", SCHEDULE, "--yes"], "--vms or --scope-name: give one of them"],
    ["both ways at once", ["assign", SCHEDULE, "--vms", VM, "--scope-name", "a"], "--vms or --scope-name"],
    [
      "a tag without value",
      ["assign", SCHEDULE, "--scope-name", "a", "--tags", "ring"],
      '--tags "ring": write NAME=VALUE',
    ],
    ["an unknown system", ["assign", SCHEDULE, "--scope-name", "a", "--os-types", "BSD"], '--os-types "BSD"'],
    [
      "a KB with letters",
      ["create", SCHEDULE, "--location", "x", ...WINDOW, "--exclude-kbs", "12AB34"],
      "a KB id has 6 or 7",
    ],
    ["a foreign scope", ["assign", SCHEDULE, "--scope-name", "a", "--yes"], "outside GOLDPATCH_SCOPE"],
  ])("refuses %s", async (_, args, reason) => {
    const { code, stdout, stderr } = await run(...args);

    expect([code, stdout, stderr]).toEqual([expect.any(Number), "", expect.stringContaining(reason)]);
    expect(code).not.toBe(0);
  });
});
