import type { Scenario } from "../scenario";
import { oneVm, patchVm } from "./machines";

/** Every branch of a run on one machine. */
export const branches: readonly Scenario[] = [
  { name: "patched", fleet: oneVm(), deeds: patchVm, ends: { vm: [["Patched"]] } },
  {
    name: "assessed",
    fleet: oneVm(),
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["vm"] }],
    ends: { vm: [["Supported"]] },
    from: "readSupportState ended",
  },
  {
    name: "up to date",
    fleet: oneVm({ pending: {} }),
    deeds: patchVm,
    ends: { vm: [["NothingPending"]] },
    from: "readSupportState ended",
  },
  {
    name: "unsupported",
    fleet: oneVm({ graph: { readiness: ["Unsupported"] } }),
    deeds: patchVm,
    ends: { vm: [["UnsupportedImage"]] },
    from: "POST resources",
  },
  {
    name: "unclear, then supported",
    fleet: oneVm({ graph: { readiness: ["UnableToDetermine", "Supported"] } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "POST resources",
  },
  {
    name: "unclear three times",
    fleet: oneVm({ graph: { readiness: ["Unknown"] } }),
    deeds: patchVm,
    ends: { vm: [["SupportUnknown"]] },
    from: "assess:3",
  },
  {
    name: "row late",
    fleet: oneVm({ graph: { lagSeconds: 500, showsInProgress: false } }),
    deeds: patchVm,
    ends: { vm: [["Patched"]] },
    from: "askUntilSettled",
  },
  {
    name: "no row",
    fleet: oneVm({ graph: { row: "missing" } }),
    settings: { GOLDPATCH_SUPPORT_DEADLINE_MINUTES: "1" },
    deeds: patchVm,
    ends: { vm: [["SupportStateLate"]] },
    from: "POST resources",
  },
  {
    name: "not ready, then ready",
    fleet: oneVm({ provisioning: { state: "Creating", succeedsAfterSeconds: 60 } }),
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["vm"] }],
    ends: { vm: [["Supported"]] },
  },
  {
    name: "deallocated",
    fleet: oneVm({ power: { state: "deallocated" } }),
    deeds: patchVm,
    ends: { vm: [["VmDeallocated"]] },
    from: "checkProvisioning",
  },
  {
    name: "deleted before the install",
    fleet: oneVm({ deletedAfterSeconds: 89 }),
    settings: { GOLDPATCH_SUPPORT_DEADLINE_MINUTES: "2" },
    deeds: patchVm,
    ends: { vm: [["SupportStateLate", "VmNotFound", "VmBeingDeleted"]] },
    from: "GET operation",
  },
  {
    name: "deleted during the install",
    fleet: oneVm({ deletedAfterSeconds: 180, install: { durationSeconds: 600 } }),
    deeds: patchVm,
    ends: { vm: [["InstallFailed", "VmBeingDeleted", "VmNotFound"]] },
    from: "installPatches",
  },
  {
    name: "assessment overdue",
    fleet: oneVm({ assess: { durationSeconds: 20_000 } }),
    deeds: patchVm,
    ends: { vm: [["AssessmentOverdue"]] },
    from: "assessPatches ended",
  },
  {
    name: "install overdue",
    fleet: oneVm({ install: { stuck: true, durationSeconds: 45 }, instanceViewStuckInProgress: "install" }),
    deeds: [{ when: 0, what: "run", mode: "patch", vms: ["vm"], install: { maximumDuration: "PT30M" } }],
    ends: { vm: [["InstallStillRunning"]] },
    from: "installPatches ended",
  },
];
