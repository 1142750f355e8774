/** The action of Azure that lets the app make a call. Without it Azure answers 403, or Resource Graph leaves rows out. */
export interface Permission {
  readonly action: string;
  /** Where a role that has it must be assigned, at least. */
  readonly assignedOn: "machine" | "subscription";
  /** For Azure Arc-enabled servers only; VMs need the others. */
  readonly forArc?: true;
  readonly purpose: string;
  /** Patching goes on without it. */
  readonly dispensable?: true;
  /** What an operator may leave out: the custom role holds it when it is asked for (infra: allowSchedules, allowPrerequisites, allowPower). */
  readonly part?: "schedules" | "prerequisites" | "power";
  readonly neededBy: ArmCall | GraphRows;
  /** Where it is written that the call needs the action. */
  readonly source: string;
}

/** Calls of Azure Resource Manager: method, and path without query. */
interface ArmCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: RegExp;
}

/** Rows of Resource Graph, which shows what may be read; its own endpoint needs no action (Resource Graph: permissions). */
interface GraphRows {
  readonly table: string;
  readonly type: string;
}

const AUM_ROLES = "Update Manager: roles and permissions";

const MACHINE = String.raw`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/virtualMachines/[^/]+`;
const CONFIGURATIONS = String.raw`^/subscriptions/[^/]+(?:/resourceGroups/[^/]+)?/providers/Microsoft\.Maintenance/maintenanceConfigurations`;
const ASSIGNMENTS = String.raw`^/subscriptions/[^/]+(?:/resourceGroups/[^/]+/providers/(?:Microsoft\.Compute/virtualMachines|Microsoft\.HybridCompute/machines)/[^/]+)?/providers/Microsoft\.Maintenance/configurationAssignments`;
const OPERATION = String.raw`^/subscriptions/[^/]+/providers/Microsoft\.Compute/locations/[^/]+/operations/[^/]+`;

const ARC_MACHINE = String.raw`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.HybridCompute/machines/[^/]+`;
const ARC_OPERATION = String.raw`^/subscriptions/[^/]+/providers/Microsoft\.HybridCompute/locations/[^/]+/updateCenterOperationResults/[^/]+`;
const MAINTENANCE = "Microsoft.Maintenance";
const IN_GUEST = "maintenanceScope/InGuestPatch/write";

/** Every call that the adapters make, with the action that it needs: the custom role in infra/role holds these. */
export const permissions: readonly Permission[] = [
  {
    action: "Microsoft.Compute/virtualMachines/read",
    assignedOn: "machine",
    purpose: "reading a VM with its instance view",
    neededBy: { method: "GET", path: new RegExp(`${MACHINE}$`, "i") },
    source: "Compute: Virtual Machines, Get; $expand=instanceView asks for no more",
  },
  {
    action: "Microsoft.Compute/virtualMachines/assessPatches/action",
    assignedOn: "machine",
    purpose: "assessing",
    neededBy: { method: "POST", path: new RegExp(`${MACHINE}/assessPatches$`, "i") },
    source: AUM_ROLES,
  },
  {
    action: "Microsoft.Compute/virtualMachines/installPatches/action",
    assignedOn: "machine",
    purpose: "installing; leave it out to only assess",
    neededBy: { method: "POST", path: new RegExp(`${MACHINE}/installPatches$`, "i") },
    source: AUM_ROLES,
  },
  {
    action: "Microsoft.Compute/virtualMachines/start/action",
    assignedOn: "machine",
    purpose: "starting a VM that is deallocated",
    part: "power",
    neededBy: { method: "POST", path: new RegExp(`${MACHINE}/start$`, "i") },
    source: "Azure permissions for Compute",
  },
  {
    action: "Microsoft.Compute/virtualMachines/deallocate/action",
    assignedOn: "machine",
    purpose: "deallocating it again",
    part: "power",
    neededBy: { method: "POST", path: new RegExp(`${MACHINE}/deallocate$`, "i") },
    source: "Azure permissions for Compute",
  },
  {
    action: "Microsoft.Compute/locations/operations/read",
    assignedOn: "subscription",
    purpose: "following an operation: its address lies beside the machine's resource group",
    neededBy: { method: "GET", path: new RegExp(`${OPERATION}$`, "i") },
    source: AUM_ROLES,
  },
  {
    action: "Microsoft.Compute/virtualMachines/read",
    assignedOn: "machine",
    purpose: "finding VMs",
    neededBy: { table: "resources", type: "microsoft.compute/virtualmachines" },
    source: "Resource Graph: permissions",
  },
  {
    // Resource Graph checks …/patchAssessmentResults/read, which no role can name: Compute publishes …/latest/read only.
    action: "Microsoft.Compute/virtualMachines/patchAssessmentResults/*",
    assignedOn: "machine",
    purpose: "the support state",
    neededBy: {
      table: "patchassessmentresources",
      type: "microsoft.compute/virtualmachines/patchassessmentresults",
    },
    source: `${AUM_ROLES}; Azure permissions for Compute; seen in a public report of October 2026`,
  },
  {
    action: "Microsoft.Compute/virtualMachines/patchAssessmentResults/*",
    assignedOn: "machine",
    purpose: "naming the patches that a VM lacks",
    dispensable: true,
    neededBy: {
      table: "patchassessmentresources",
      type: "microsoft.compute/virtualmachines/patchassessmentresults/softwarepatches",
    },
    source: `${AUM_ROLES}; Azure permissions for Compute`,
  },
  {
    action: "Microsoft.Compute/virtualMachines/patchInstallationResults/read",
    assignedOn: "machine",
    purpose: "an installation's numbers, when nothing else has them",
    dispensable: true,
    neededBy: {
      table: "patchinstallationresources",
      type: "microsoft.compute/virtualmachines/patchinstallationresults",
    },
    source: `${AUM_ROLES}; Azure permissions for Compute`,
  },
  {
    action: "Microsoft.HybridCompute/machines/read",
    assignedOn: "machine",
    forArc: true,
    purpose: "reading an Arc-enabled server",
    neededBy: { method: "GET", path: new RegExp(`${ARC_MACHINE}$`, "i") },
    source: AUM_ROLES,
  },
  {
    action: "Microsoft.HybridCompute/machines/assessPatches/action",
    assignedOn: "machine",
    forArc: true,
    purpose: "assessing one",
    neededBy: { method: "POST", path: new RegExp(`${ARC_MACHINE}/assessPatches$`, "i") },
    source: AUM_ROLES,
  },
  {
    action: "Microsoft.HybridCompute/machines/installPatches/action",
    assignedOn: "machine",
    forArc: true,
    purpose: "installing on one; leave it out to only assess",
    neededBy: { method: "POST", path: new RegExp(`${ARC_MACHINE}/installPatches$`, "i") },
    source: AUM_ROLES,
  },
  {
    action: "Microsoft.HybridCompute/locations/updateCenterOperationResults/read",
    assignedOn: "subscription",
    forArc: true,
    purpose: "following an operation on one",
    neededBy: { method: "GET", path: new RegExp(`${ARC_OPERATION}$`, "i") },
    source: `${AUM_ROLES}; that its address is named so is inferred from the action`,
  },
  {
    action: "Microsoft.HybridCompute/machines/patchAssessmentResults/read",
    assignedOn: "machine",
    forArc: true,
    purpose: "its assessment, which is all that proves support there",
    neededBy: {
      table: "patchassessmentresources",
      type: "microsoft.hybridcompute/machines/patchassessmentresults",
    },
    source: `${AUM_ROLES}; Azure permissions for hybrid and multicloud`,
  },
  {
    action: "Microsoft.HybridCompute/machines/patchAssessmentResults/softwarePatches/read",
    assignedOn: "machine",
    forArc: true,
    purpose: "naming the patches that it lacks",
    dispensable: true,
    neededBy: {
      table: "patchassessmentresources",
      type: "microsoft.hybridcompute/machines/patchassessmentresults/softwarepatches",
    },
    source: `${AUM_ROLES}; Azure permissions for hybrid and multicloud`,
  },
  {
    // A VM has its instance view; a server has nothing else that shows what is being installed.
    action: "Microsoft.HybridCompute/machines/patchInstallationResults/read",
    assignedOn: "machine",
    forArc: true,
    purpose: "its installations, running and ended",
    neededBy: {
      table: "patchinstallationresources",
      type: "microsoft.hybridcompute/machines/patchinstallationresults",
    },
    source: `${AUM_ROLES}; Azure permissions for hybrid and multicloud`,
  },
  {
    action: "Microsoft.HybridCompute/machines/read",
    assignedOn: "machine",
    forArc: true,
    purpose: "finding Arc-enabled servers",
    neededBy: { table: "resources", type: "microsoft.hybridcompute/machines" },
    source: "Resource Graph: permissions",
  },
  {
    action: "Microsoft.Maintenance/maintenanceConfigurations/read",
    assignedOn: "subscription",
    purpose: "reading and listing schedules",
    part: "schedules",
    neededBy: { method: "GET", path: new RegExp(`${CONFIGURATIONS}(?:/[^/]+)?$`, "i") },
    source: AUM_ROLES,
  },
  ...[
    "Microsoft.Maintenance/maintenanceConfigurations/write",
    `${MAINTENANCE}/maintenanceConfigurations/${IN_GUEST}`,
  ].map((action): Permission => ({
    action,
    assignedOn: "subscription",
    purpose: "creating schedules",
    part: "schedules",
    neededBy: { method: "PUT", path: new RegExp(`${CONFIGURATIONS}/[^/]+$`, "i") },
    source: `${AUM_ROLES}; for the scope InGuestPatch a public report of October 2026`,
  })),
  {
    action: "Microsoft.Maintenance/maintenanceConfigurations/delete",
    assignedOn: "subscription",
    purpose: "deleting schedules",
    part: "schedules",
    neededBy: { method: "DELETE", path: new RegExp(`${CONFIGURATIONS}/[^/]+$`, "i") },
    source: "Azure permissions for Maintenance",
  },
  {
    action: "Microsoft.Maintenance/configurationAssignments/read",
    assignedOn: "subscription",
    purpose: "finding a machine's schedules",
    part: "schedules",
    neededBy: { method: "GET", path: new RegExp(`${ASSIGNMENTS}$`, "i") },
    source: "Azure permissions for Maintenance",
  },
  {
    action: "Microsoft.Maintenance/configurationAssignments/read",
    assignedOn: "subscription",
    purpose: "finding the machines and dynamic scopes of a schedule",
    part: "schedules",
    neededBy: { table: "maintenanceresources", type: "microsoft.maintenance/configurationassignments" },
    source: "Resource Graph: permissions",
  },
  ...[
    "Microsoft.Maintenance/configurationAssignments/write",
    `${MAINTENANCE}/configurationAssignments/${IN_GUEST}`,
  ].map((action): Permission => ({
    action,
    assignedOn: "subscription",
    purpose: "assigning machines and dynamic scopes to schedules",
    part: "schedules",
    neededBy: { method: "PUT", path: new RegExp(`${ASSIGNMENTS}/[^/]+$`, "i") },
    source: `${AUM_ROLES}; for the scope InGuestPatch a public report of October 2026`,
  })),
  {
    action: "Microsoft.Maintenance/configurationAssignments/delete",
    assignedOn: "subscription",
    purpose: "taking machines and dynamic scopes from schedules",
    part: "schedules",
    neededBy: { method: "DELETE", path: new RegExp(`${ASSIGNMENTS}/[^/]+$`, "i") },
    source: "Azure permissions for Maintenance",
  },
  {
    action: "Microsoft.Maintenance/applyUpdates/write",
    assignedOn: "subscription",
    purpose: "cancelling a schedule's run before it begins",
    part: "schedules",
    neededBy: {
      method: "PUT",
      path: new RegExp(`${CONFIGURATIONS}/[^/]+/providers/Microsoft\\.Maintenance/applyUpdates/[^/]+$`, "i"),
    },
    source: "Azure permissions for Maintenance; that it is enough to cancel is not documented",
  },
  {
    action: "Microsoft.Compute/virtualMachines/write",
    assignedOn: "machine",
    purpose: "making a machine ready for schedules; on images in galleries Azure also wants to read the image",
    part: "prerequisites",
    neededBy: { method: "PATCH", path: new RegExp(`${MACHINE}$`, "i") },
    source: "Compute: Virtual Machines, Update; Update Manager: troubleshoot",
  },
  {
    action: "Microsoft.HybridCompute/machines/write",
    assignedOn: "machine",
    forArc: true,
    purpose: "periodic assessment of an Arc-enabled server",
    part: "prerequisites",
    neededBy: { method: "PATCH", path: new RegExp(`${ARC_MACHINE}$`, "i") },
    source: "Azure permissions for hybrid and multicloud; HybridCompute: Machines, Update",
  },
];

/** A call as it leaves the SDK. */
export interface OutgoingCall {
  readonly method: string;
  readonly url: string;
  /** Parsed JSON. */
  readonly body: unknown;
}

/** What the call needs; nothing when the table does not know the call. */
export function permissionsFor(call: OutgoingCall): Permission[] {
  const { pathname } = new URL(call.url);
  const rows = pathname.toLowerCase() === "/providers/microsoft.resourcegraph/resources" ? rowsOf(call.body) : [];
  return permissions.filter(({ neededBy }) =>
    "path" in neededBy
      ? neededBy.method === call.method && neededBy.path.test(pathname)
      : rows.some(({ table, type }) => table === neededBy.table && type === neededBy.type),
  );
}

/** Our queries name their table first and every type with `=~` (the .kql files). */
function rowsOf(body: unknown): GraphRows[] {
  if (typeof body !== "object" || body === null || !("query" in body) || typeof body.query !== "string") return [];
  const table = /^\w+/.exec(body.query)?.[0].toLowerCase();
  if (table === undefined) return [];
  return [...body.query.matchAll(/\btype =~ '([^']+)'/g)].map(([, type = ""]) => ({ table, type: type.toLowerCase() }));
}
