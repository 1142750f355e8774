/** The machines of the mission; those on premises and elsewhere are servers of Azure Arc. */
export const machineNames = ["win-vm", "lin-vm", "arc-win", "arc-lin"] as const;
export type MachineName = (typeof machineNames)[number];

interface Operation {
  /** The document's name for it. */
  readonly name: string;
  /** How it is asked for; none where nobody asks. */
  readonly command: string;
  readonly route: string;
  /** What the table in README.md says of a machine: yes, with what is particular, or no and why. */
  readonly cells: Readonly<Record<"windows" | "linux" | "arc", string>>;
  /** Where more of it is proven than test/scenarios/operations.test.ts proves for each cell. */
  readonly tests: readonly string[];
}

const vms = (cell: string) => ({ windows: cell, linux: cell });

/** Every operation of "Manage updates for customized images", and what the document says of automatic patching. */
export const operations = {
  assess: {
    name: "Check for updates",
    command: "`goldpatch assess ID`",
    route: "`POST /api/runs`, `mode: assess`",
    cells: { ...vms("yes"), arc: "yes" },
    tests: ["test/cli/run.test.ts", "test/scenarios/arc.test.ts"],
  },
  patch: {
    name: "One-time update",
    command: "`goldpatch patch ID`",
    route: "`POST /api/runs`, `mode: patch`",
    cells: { ...vms("yes"), arc: "yes" },
    tests: ["test/cli/run.test.ts", "test/cli/install-options.test.ts", "test/scenarios/arc.test.ts"],
  },
  schedule: {
    name: "Schedule updates",
    command: "`goldpatch schedule create`, `goldpatch schedule assign`",
    route: "`POST /api/schedules`, `POST /api/schedules/assign`",
    cells: { ...vms("yes, once its patch mode lets it"), arc: "yes, in any patch mode" },
    tests: ["test/scenarios/schedules.test.ts", "test/cli/schedule.test.ts"],
  },
  periodic: {
    name: "Periodic assessment",
    command: "`goldpatch periodic-assessment on ID`",
    route: "`POST /api/periodic-assessment`",
    cells: { ...vms("yes, unless Azure refuses the image, which is told"), arc: "yes" },
    tests: ["test/scenarios/periodic-assessment.test.ts", "test/cli/periodic-assessment.test.ts"],
  },
  support: {
    name: "Support state",
    command: "`goldpatch support ID`",
    route: "`GET /api/vms/{id}`",
    cells: { ...vms("yes, from Resource Graph"), arc: "Azure keeps none: an assessment that succeeded is the proof" },
    tests: ["test/scenarios/vms-route.test.ts", "test/scenarios/arc.test.ts"],
  },
  image: {
    name: "Support state of an image",
    command: "`goldpatch support IMAGE_ID`",
    route: "`GET /api/images/{id}`",
    cells: { ...vms("yes, with all its VMs"), arc: "no: a server comes from no image" },
    tests: ["test/scenarios/images-route.test.ts"],
  },
  provision: {
    name: "Assess, then install, after provisioning",
    command: "none: Event Grid asks",
    route: "the function `vmProvisioned`",
    cells: { ...vms("yes"), arc: "no: a server is connected, not provisioned; ask for it" },
    tests: ["test/scenarios/events.test.ts", "test/func/func.test.ts"],
  },
  automatic: {
    name: "Automatic guest patching",
    command: "none; `goldpatch support ID` warns",
    route: "none; `GET /api/vms/{id}` warns",
    cells: { ...vms("no: Azure never does it on customized images"), arc: "no: Azure has it for VMs only" },
    tests: ["test/domain/machine/readiness.test.ts", "test/domain/doctor/machine.test.ts"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
export type OperationName = keyof typeof operations;
export const operationNames = Object.keys(operations) as OperationName[];

/** The cell of the table that a machine stands for. */
export const cellOf = (operation: OperationName, machine: MachineName): string => {
  const { windows, linux, arc } = operations[operation].cells;
  return { "win-vm": windows, "lin-vm": linux, "arc-win": arc, "arc-lin": arc }[machine];
};
