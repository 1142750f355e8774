import type { Deed, Scenario } from "../scenario";
import { oneVm, patchVm } from "./machines";

const cancel = (after: string, seconds: number): readonly Deed[] => [
  ...patchVm,
  { when: { after, seconds }, what: "cancel", vm: "vm" },
];

/** Cancel at each step, and the stop switch. */
export const switches: readonly Scenario[] = [
  {
    name: "cancelled in its claim",
    fleet: oneVm(),
    deeds: cancel("runs: http-", 0),
    ends: { vm: [["CancelledBeforeInstall"]] },
  },
  {
    name: "cancelled while provisioned",
    fleet: oneVm({ provisioning: { state: "Creating" } }),
    deeds: cancel("checkProvisioning", 20),
    ends: { vm: [["CancelledBeforeInstall"]] },
    from: "checkProvisioning",
  },
  {
    name: "cancelled while assessed",
    fleet: oneVm({ assess: { durationSeconds: 100 } }),
    deeds: cancel("POST assessPatches", 20),
    ends: { vm: [["CancelledBeforeInstall"]] },
    from: "POST assessPatches",
  },
  {
    name: "cancelled while the row is late",
    // Later than the longest downtime: otherwise the cancel may come when the install is under way.
    fleet: oneVm({ graph: { lagSeconds: 900, showsInProgress: false } }),
    deeds: cancel("POST resources", 10),
    ends: { vm: [["CancelledBeforeInstall"]] },
    from: "POST resources",
  },
  {
    name: "cancelled just before the install",
    fleet: oneVm(),
    deeds: cancel("readSupportState", 0.5),
    ends: { vm: [["CancelledBeforeInstall"]] },
    from: "readSupportState",
  },
  {
    name: "cancelled while it installs",
    fleet: oneVm({ install: { durationSeconds: 100 } }),
    deeds: cancel("POST installPatches", 20),
    ends: { vm: [["Patched"]] },
    from: "POST installPatches",
  },
  {
    name: "stopped before the install",
    fleet: oneVm(),
    deeds: [
      ...patchVm,
      { when: { after: "POST assessPatches", seconds: 20 }, what: "stop" },
      { when: { after: "POST assessPatches", seconds: 3600 }, what: "unstop" },
    ],
    ends: { vm: [["Stopped"]] },
    from: "POST assessPatches",
  },
];

const next = (when: Deed["when"]): Deed => ({ when, what: "run", mode: "patch", vms: ["vm"] });
const dies = (after: string): readonly Deed[] => [
  ...patchVm,
  { when: { after, seconds: 20 }, what: "terminate", vm: "vm" },
];

/** A run dies and another takes its lease over. */
export const takeovers: readonly Scenario[] = [
  {
    name: "taken over while idle",
    fleet: oneVm({ provisioning: { state: "Creating", succeedsAfterSeconds: 100 } }),
    deeds: [...patchVm, { when: 45, what: "terminate", vm: "vm" }, next(60)],
    ends: { vm: [["OrchestrationEnded"], ["Patched"]] },
    from: "deed 1",
  },
  {
    name: "taken over while assessed",
    fleet: oneVm({ assess: { durationSeconds: 200 } }),
    deeds: [...dies("POST assessPatches"), next({ after: "deed 1", seconds: 20 })],
    ends: { vm: [["OrchestrationEnded"], ["Patched"]] },
    from: "deed 1",
  },
  {
    name: "taken over while it installs",
    fleet: oneVm({ install: { durationSeconds: 200 } }),
    deeds: [...dies("POST installPatches"), next({ after: "deed 1", seconds: 20 })],
    ends: { vm: [["Patched"], ["NothingPending"]] },
    from: "deed 1",
  },
  {
    name: "taken over after a lost install",
    fleet: oneVm({ install: { cut: { when: "afterEffect" }, durationSeconds: 200 } }),
    deeds: [...dies("POST installPatches"), next({ after: "deed 1", seconds: 20 })],
    ends: { vm: [["Patched"], ["NothingPending"]] },
    from: "deed 1",
  },
  {
    name: "settled by the watchdog",
    fleet: oneVm({ install: { durationSeconds: 200 } }),
    deeds: [...dies("POST installPatches"), { when: { after: "POST installPatches", seconds: 1200 }, what: "look" }],
    ends: { vm: [["Patched"]] },
    from: "deed 1",
  },
];
