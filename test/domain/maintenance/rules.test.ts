import { describe, expect, it } from "@jest/globals";
import { configurationBody } from "../../../src/domain/maintenance/configuration";
import { problemWithCounts } from "../../../src/domain/maintenance/counts";
import { isTaken, problemWithFilter } from "../../../src/domain/maintenance/dynamic-scope";
import { lateStartWarning, problemWithLeadTime, runNameOf } from "../../../src/domain/maintenance/lead-time";
import { decidePreEvent, isClosedFor, type AnnouncedRun } from "../../../src/domain/maintenance/pre-event";
import {
  canonicalScheduleId,
  formatMaintenanceRunId,
  formatScheduleId,
  parseMaintenanceRunId,
  parseScheduleId,
  problemWithName,
} from "../../../src/domain/maintenance/schedule-id";

const SUBSCRIPTION = "5b4b650e-28b9-4790-b3ab-ddbd88d727c4";
const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Maintenance/maintenanceConfigurations/weekly`;

describe("a schedule's id", () => {
  it("is read in any case, and written as Azure does", () => {
    const parsed = parseScheduleId(id.toLowerCase());
    expect(parsed).toEqual({ subscriptionId: SUBSCRIPTION, resourceGroup: "rg", name: "weekly" });
    expect(parsed && formatScheduleId(parsed)).toBe(id);
    expect(parsed && canonicalScheduleId(parsed)).toBe(id.toLowerCase());
  });

  it.each(["weekly", `${id}/x`, id.replace("maintenanceConfigurations", "virtualMachines"), `${id} `])(
    "is not %j",
    (text) => expect(parseScheduleId(text)).toBeUndefined(),
  );

  it("has fewer than 128 characters in group and name", () => {
    const named = (length: number) => ({ subscriptionId: SUBSCRIPTION, resourceGroup: "rg", name: "n".repeat(length) });
    expect(problemWithName(named(125))).toBeUndefined();
    expect(problemWithName(named(126))).toContain("fewer than 128");
  });

  it("with a run is one of its runs", () => {
    const run = `${id}/providers/microsoft.maintenance/applyupdates/20230509150000`;
    const parsed = parseMaintenanceRunId(run);
    expect(parsed?.run).toBe("20230509150000");
    expect(parsed && formatMaintenanceRunId(parsed).toLowerCase()).toBe(run.toLowerCase());
    expect(parseMaintenanceRunId(`${id}/providers/microsoft.maintenance/applyupdates/default`)).toBeUndefined();
    expect(parseMaintenanceRunId("/x/providers/microsoft.maintenance/applyupdates/20230509150000")).toBeUndefined();
  });
});

describe("the lead time", () => {
  const now = Date.parse("2026-12-01T10:00:00Z");
  const inMinutes = (minutes: number) => now + minutes * 60_000;

  it.each([
    [15, false],
    [40, true],
  ])("of %d minutes is enough (maintenance events: %s)", (minutes, hasEvents) => {
    expect(problemWithLeadTime(inMinutes(minutes), now, hasEvents)).toBeUndefined();
    expect(problemWithLeadTime(inMinutes(minutes) - 1, now, hasEvents)).toContain(`needs ${minutes} minutes`);
  });

  it.each([
    [23, 44, undefined],
    [23, 45, "from 23:45 to midnight"],
  ])("at %d:%d: warning %s", (hour, minute, warning) => {
    const text = lateStartWarning({ start: { year: 2026, month: 12, day: 1, hour, minute } });
    if (warning === undefined) expect(text).toBeUndefined();
    else expect(text).toContain(warning);
  });

  it("ends in a start by which the run is named", () => {
    expect(runNameOf(Date.parse("2023-05-09T15:00:00Z"))).toBe("20230509150000");
  });
});

describe("a dynamic scope", () => {
  const vm = {
    kind: "azureVm",
    resourceGroup: "RG-Web",
    osType: "Linux",
    location: "westeurope",
    tags: { Ring: "one", env: "prod" },
  } as const;

  it.each([
    ["nothing asked", {}, true],
    ["its kind", { machines: ["arc", "azureVm"] }, true],
    ["another kind", { machines: ["arc"] }, false],
    ["its group", { resourceGroups: ["rg-web"] }, true],
    ["another group", { resourceGroups: ["rg-db"] }, false],
    ["no group named", { resourceGroups: [] }, true],
    ["its system", { osTypes: ["Linux"] }, true],
    ["another system", { osTypes: ["Windows"] }, false],
    ["its region, in words", { locations: ["West Europe"] }, true],
    ["another region", { locations: ["uksouth"] }, false],
    ["its tag", { tags: { ring: ["zero", "one"] } }, true],
    ["another value", { tags: { ring: ["One"] } }, false],
    ["a tag that it lacks", { tags: { owner: ["me"] } }, false],
    ["one of two tags", { tags: { ring: ["one"], owner: ["me"] }, tagOperator: "Any" }, true],
    ["both of two tags", { tags: { ring: ["one"], owner: ["me"] }, tagOperator: "All" }, false],
    ["both tags", { tags: { ring: ["one"], ENV: ["prod"] }, tagOperator: "All" }, true],
  ] as const)("%s: %j takes the VM in: %s", (_, filter, taken) => {
    expect(isTaken(filter, vm)).toBe(taken);
  });

  it("has limits", () => {
    expect(problemWithFilter({})).toBeUndefined();
    expect(problemWithFilter({ resourceGroups: Array<string>(51).fill("g") })).toContain("50 at most");
    expect(problemWithFilter({ tags: { a: Array<string>(51).fill("v") } })).toContain("50 at most");
  });
});

describe("a schedule", () => {
  const most = { machines: 3000, scopes: 200, subscriptions: 200, scopesOfSubscription: 250, members: 1000 };
  const sovereign = { ...most, scopes: 100, subscriptions: 100 };

  it("may have as much as Azure allows", () => {
    expect(problemWithCounts(most, "AzureCloud")).toBeUndefined();
    expect(problemWithCounts(sovereign, "AzureChinaCloud")).toBeUndefined();
  });

  it.each([
    ["machines", "vmIds: the schedule would have 3001 machines, and may have 3000"],
    ["scopes", "scope: the schedule would have 201 dynamic scopes, and may have 200 in AzureCloud"],
    ["subscriptions", "scope: the schedule would reach 201 subscriptions, and may reach 200 in AzureCloud"],
    [
      "scopesOfSubscription",
      "scope: its subscription would have 251 dynamic scopes in the schedule's region, and may have 250",
    ],
    ["members", "scope: it takes in 1001 machines now, and may take in 1000: narrow its filter"],
  ] as const)("may have no more %s", (what, problem) => {
    expect(problemWithCounts({ ...most, [what]: most[what] + 1 }, "AzureCloud")).toBe(problem);
  });

  it.each([
    ["scopes", "scope: the schedule would have 101 dynamic scopes, and may have 100 in AzureUSGovernment"],
    ["subscriptions", "scope: the schedule would reach 101 subscriptions, and may reach 100 in AzureUSGovernment"],
  ] as const)("may have half as many %s in sovereign clouds", (what, problem) => {
    expect(problemWithCounts({ ...sovereign, [what]: 101 }, "AzureUSGovernment")).toBe(problem);
  });
});

describe("a run that Azure announced", () => {
  const at = (text: string) => Date.parse(`2026-12-01T${text}:00Z`);
  const run: AnnouncedRun = {
    startsAt: at("22:00"),
    endsAt: at("23:55"),
    cancelUntil: at("21:50"),
    now: at("21:25"),
    held: undefined,
    policies: [],
  };
  const policy = { name: "linux", timeZone: "UTC", windows: [], blackouts: [] };
  const days = ["Tuesday"] as const;

  it("runs when every gate is open", () => {
    expect(decidePreEvent(run)).toEqual({ kind: "letRun" });
    expect(decidePreEvent({ ...run, policies: [policy] })).toEqual({ kind: "letRun" });
  });

  it.each([
    ["the whole app is held", { held: "goldpatch is stopped" }, "goldpatch is stopped"],
    [
      "outside the window",
      { policies: [{ ...policy, windows: [{ days, from: "01:00", to: "05:00" }] }] },
      "policy linux has no window open at its start",
    ],
    [
      "in a blackout",
      { policies: [{ ...policy, blackouts: [{ from: "2026-12-01", to: "2026-12-02" }] }] },
      "policy linux has a blackout in force at its start",
    ],
    [
      "longer than the window",
      { policies: [policy, { ...policy, windows: [{ days, from: "21:00", to: "23:00" }] }] },
      "policy linux closes before its end",
    ],
  ] as const)("is cancelled when %s", (_, change, reason) => {
    expect(decidePreEvent({ ...run, ...change })).toEqual({ kind: "cancel", reason });
  });

  it("is one for which a policy is closed, or is not", () => {
    expect(isClosedFor(policy, run)).toBe(false);
    expect(isClosedFor({ ...policy, windows: [{ days, from: "21:00", to: "23:00" }] }, run)).toBe(true);
  });

  it("cannot be cancelled any more after the cut-off", () => {
    expect(decidePreEvent({ ...run, held: "goldpatch is stopped", now: run.cancelUntil })).toEqual({
      kind: "tooLate",
      reason: "goldpatch is stopped",
    });
  });
});

describe("the body of a schedule", () => {
  const window = {
    recurEvery: "Day",
    startDateTime: "2026-12-01 22:00",
    timeZone: "UTC",
    duration: "02:00",
  };

  it("patches both systems, and reboots neither unless it is told to", () => {
    expect(configurationBody({ location: "westeurope", window, install: {} })).toEqual({
      location: "westeurope",
      properties: {
        maintenanceScope: "InGuestPatch",
        visibility: "Custom",
        extensionProperties: { InGuestPatchMode: "User" },
        maintenanceWindow: window,
        installPatches: {
          rebootSetting: "Never",
          windowsParameters: { classificationsToInclude: ["Critical", "Security"] },
          linuxParameters: { classificationsToInclude: ["Critical", "Security"] },
        },
      },
    });
  });

  it("has what was asked for", () => {
    const body = configurationBody({
      location: "westeurope",
      window,
      expirationDateTime: "2027-12-01 00:00",
      install: {
        rebootSetting: "IfRequired",
        windows: { kbNumbersToExclude: ["5034441"] },
        linux: { packageNameMasksToInclude: ["openssl*"] },
      },
    });
    expect(body).toMatchObject({
      properties: {
        maintenanceWindow: { expirationDateTime: "2027-12-01 00:00" },
        installPatches: {
          rebootSetting: "IfRequired",
          windowsParameters: { kbNumbersToExclude: ["KB5034441"] },
          linuxParameters: { packageNameMasksToInclude: ["openssl*"] },
        },
      },
    });
  });
});
