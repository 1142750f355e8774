import type {
  AssignedVm,
  AssignmentView,
  ScheduleRunView,
  ScheduleSummary,
  ScheduleView,
  UnassignmentView,
} from "../../contracts/api/schedules";

import { countedMachines } from "../machine-words";

const nameOf = (id: string): string => id.split("/").at(-1) ?? id;

export function scheduleText(view: ScheduleView): string {
  const { scheduleId, location, window, nextStarts, machines, scopes, runs } = view;
  const lines = [
    `Schedule:      ${scheduleId}`,
    `Region:        ${location}`,
    `Window:        ${window ? `${window.recurEvery} from ${window.startDateTime} ${window.timeZone}, for ${window.duration}` : "none"}`,
    ...(window?.expirationDateTime ? [`Until:         ${window.expirationDateTime}`] : []),
    ...(view.windowTrouble === undefined ? [] : [`Cannot tell when it starts: ${view.windowTrouble}`]),
    ...nextStarts.map(
      ({ local, utc }, index) => `${index === 0 ? "Next starts:  " : "              "} ${local}  ${utc}`,
    ),
    `Installs:      ${JSON.stringify(view.installPatches)}`,
    `Machines:      ${machines.length > 0 ? machines.map(nameOf).join(", ") : "none by name"}`,
    ...scopes.map(
      ({ name, subscriptionId, filter }) => `Dynamic scope: ${name} in ${subscriptionId}: ${JSON.stringify(filter)}`,
    ),
    ...(view.associationsTrouble === undefined ? [] : [`Machines could not be read: ${view.associationsTrouble}`]),
    ...view.warnings.map((warning) => `Note: ${warning}.`),
    ...runs.flatMap(runLines),
  ];
  return `${lines.join("\n")}\n`;
}

function runLines({ startsAt, decision, results }: ScheduleRunView): string[] {
  const decided = decision ? `; ${decision.kind}: ${decision.reason}` : "";
  return [
    `Run of ${startsAt}: ${countedMachines(results.map(({ vmId }) => vmId))}${decided}`,
    ...results.map(
      ({ vmId, outcome, status, installedPatchCount, failedPatchCount, supportState }) =>
        `  ${nameOf(vmId)}: ${outcome ?? status}, ${installedPatchCount} installed, ${failedPatchCount} failed${supportState === null ? "" : `, image ${supportState}`}`,
    ),
  ];
}

export const listText = (schedules: readonly ScheduleSummary[]): string =>
  schedules.length === 0
    ? "No schedule in scope.\n"
    : schedules
        .map(
          ({ scheduleId, location, recurEvery, timeZone, nextStart }) =>
            `${scheduleId}\n  ${location}, ${recurEvery ?? "no window"}${timeZone === null ? "" : ` ${timeZone}`}, next ${nextStart?.local ?? "never"}\n`,
        )
        .join("");

/** The machines, each with what becomes of it, and what its model lacks as a diff. */
export function assignmentText({ vms, scope, dryRun }: AssignmentView): string {
  const head = scope
    ? [
        `Dynamic scope ${scope.name}: ${scope.assigned ? "assigned" : dryRun ? "would be assigned" : `not assigned: ${scope.trouble ?? ""}`}; it takes in ${vms.length} machines now`,
      ]
    : [];
  return `${[...head, ...vms.flatMap(vmLines)].join("\n")}\n`;
}

function vmLines({ vmId, meaning, changes, applied, trouble }: AssignedVm): string[] {
  const diff = changes.flatMap(({ path, from, to }) => [
    `  - ${path}: ${from === null ? "(not set)" : String(from)}`,
    `  + ${path}: ${String(to)}`,
  ]);
  return [
    `${nameOf(vmId)}: ${trouble ?? meaning}`,
    ...diff,
    ...(changes.length > 0 ? [applied ? "  applied" : "  not applied: --apply-prerequisites does it"] : []),
  ];
}

/** Whether the schedule will patch every machine. */
export const allRun = ({ vms, scope }: AssignmentView): boolean =>
  scope?.trouble === undefined &&
  vms.every(({ situation, trouble }) => situation === "scheduleRuns" && trouble === undefined);

export const unassignmentText = ({ removed, notAssigned, trouble }: UnassignmentView): string =>
  [
    ...removed.map((id) => `${nameOf(id)}: unassigned`),
    ...notAssigned.map((id) => `${nameOf(id)}: was not assigned`),
    ...trouble,
  ]
    .map((line) => `${line}\n`)
    .join("");
