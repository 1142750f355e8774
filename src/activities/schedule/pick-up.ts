import type { ScheduledInstallation } from "../../azure/maintenance/runs";
import { newestRow, toSupportRow, type AssessmentRows } from "../../azure/resource-graph/assessment-rows";
import { decideInstall } from "../../domain/install/result";
import { runNameOf } from "../../domain/maintenance/lead-time";
import { formatMaintenanceRunId, parseScheduleId } from "../../domain/maintenance/schedule-id";
import { nextWindowStarts, readWindow } from "../../domain/maintenance/window";
import { imageSourceOf } from "../../domain/machine/image";
import { isInScope } from "../../domain/machine/scope";
import { formatVmId, parseVmId } from "../../domain/machine/vm-id";
import { outcomeOf } from "../../domain/outcome/table";
import { parseSupportState } from "../../domain/support/decide";
import { sameText } from "../../domain/text";
import type { ScheduleResultView } from "../../contracts/api/schedules";
import type { KnownSchedule, ScheduleRun } from "../../ledger/schedules";
import { isoOf, MINUTE_MS } from "../run/deps";
import { subscriptionsOf, troubleOf, type ScheduleDeps } from "./deps";

/** After the window: an installation may outlast it, and its row shows late (no figure exists; assumed). */
const AFTERWARDS_MS = 120 * MINUTE_MS;
/** How far back the watchdog looks for starts: shorter than a run is open, so that none begins anew. */
const LOOK_BACK_MS = 200 * MINUTE_MS;
/** Ids of runs in one query: each is 250 characters. */
const RUNS_PER_QUERY = 50;
/** VMs that one call looks at by themselves, two requests each; the others wait for the next. */
const MOST_LOOKS = 200;

/**
 * Picks up what schedules did: begins the runs whose time has come, notes what Resource Graph shows of their
 * installations, and closes those that are long over. Repeating it changes nothing.
 */
export async function pickUpScheduledRuns(deps: ScheduleDeps): Promise<void> {
  const { schedules, clock } = deps;
  for (const schedule of await schedules.schedules()) {
    const run = dueRun(schedule, clock.now());
    if (run) await schedules.begin(run);
  }
  const open = (await schedules.open()).filter(({ startsAt }) => Date.parse(startsAt) <= clock.now());
  let looks = MOST_LOOKS;
  for (let from = 0; from < open.length; from += RUNS_PER_QUERY) {
    looks = await noteInstallations(deps, open.slice(from, from + RUNS_PER_QUERY), looks);
  }
  for (const run of open) {
    if (Date.parse(run.endsAt) + AFTERWARDS_MS < clock.now()) await schedules.close(run);
  }
}

/** The schedule's run that began a short while ago, if one did: a schedule repeats after six hours at the earliest. */
function dueRun({ scheduleId, window }: KnownSchedule, now: number): ScheduleRun | undefined {
  const reading = window && readWindow(window);
  const schedule = parseScheduleId(scheduleId);
  if (reading?.kind !== "read" || !schedule) return undefined;
  const [next] = nextWindowStarts(reading.window, 1, now - LOOK_BACK_MS);
  const startsAt = next ? Date.parse(next.utc) : Number.POSITIVE_INFINITY;
  if (startsAt > now) return undefined;
  const run = runNameOf(startsAt);
  return {
    scheduleId,
    runId: formatMaintenanceRunId({ schedule, run }).toLowerCase(),
    run,
    startsAt: isoOf(startsAt),
    endsAt: isoOf(startsAt + reading.window.durationMs),
    decision: null,
  };
}

/** Answers how many VMs may still be looked at. */
async function noteInstallations(deps: ScheduleDeps, runs: readonly ScheduleRun[], looks: number): Promise<number> {
  const runIds = runs.map(({ runId }) => runId);
  const read = await deps.maintenance.readScheduledInstallations(runIds, subscriptionsOf(deps));
  if (read.kind !== "done") {
    deps.logs.scheduledRunsUnread({ reason: troubleOf(read) });
    return looks;
  }
  const news: ScheduledInstallation[] = [];
  for (const row of read.value) {
    const known = await deps.schedules.result(row.runId, row.machineId);
    if (!sameText(known?.status, row.properties.status ?? "")) news.push(row);
  }
  for (const row of news.filter(({ properties }) => !isOver(properties.status))) {
    const result = begunOf(deps, row);
    if (result) await deps.schedules.noteResult(row.runId, result);
  }
  const over = news.filter(({ properties }) => isOver(properties.status)).slice(0, looks);
  const ids = over.map(({ machineId }) => machineId);
  const assessments = ids.length > 0 ? await deps.azure.queryAssessmentRows(ids) : [];
  for (const [index, row] of over.entries()) {
    const result = await endedOf(deps, row, assessments[index]);
    if (result) await deps.schedules.noteResult(row.runId, result);
  }
  return looks - over.length;
}

const isOver = (status: string | null | undefined): boolean =>
  !["", "InProgress", "NotStarted"].some((word) => sameText(status ?? "", word));

/** One VM's result so far; undefined outside GOLDPATCH_SCOPE. */
function begunOf(
  { settings }: ScheduleDeps,
  { machineId, properties }: ScheduledInstallation,
): ScheduleResultView | undefined {
  const vmId = parseVmId(machineId);
  if (!vmId || !isInScope(settings.GOLDPATCH_SCOPE, vmId)) return undefined;
  return {
    vmId: formatVmId(vmId),
    status: properties.status ?? "",
    installedPatchCount: properties.installedPatchCount ?? 0,
    failedPatchCount: properties.failedPatchCount ?? 0,
    pendingPatchCount: properties.pendingPatchCount ?? 0,
    outcome: null,
    code: null,
    imageId: null,
    supportState: null,
  };
}

/** The result of one that is over, with what becomes known of its image. Undefined when that is to be asked again. */
async function endedOf(
  deps: ScheduleDeps,
  row: ScheduledInstallation,
  assessment: AssessmentRows | undefined,
): Promise<ScheduleResultView | undefined> {
  const begun = begunOf(deps, row);
  const vmId = parseVmId(row.machineId);
  if (!begun || !vmId || assessment?.kind === "unavailable") return undefined;
  // An Arc-enabled server has no image to ask it for.
  const look = vmId.kind === "arc" ? undefined : await deps.azure.readMachine(vmId);
  if (look?.kind === "unavailable") return undefined;
  const { rebootStatus, maintenanceWindowExceeded } = row.properties;
  const code = decideInstall({
    status: begun.status,
    installed: begun.installedPatchCount,
    failed: begun.failedPatchCount,
    pending: begun.pendingPatchCount,
    ...(rebootStatus && { rebootStatus }),
    ...(typeof maintenanceWindowExceeded === "boolean" && { windowExceeded: maintenanceWindowExceeded }),
  });
  const { outcome } = outcomeOf(code);
  const newest = assessment?.kind === "read" ? newestRow(assessment.rows) : undefined;
  const imageId = look?.kind === "found" ? imageSourceOf(look.view.image).imageId : null;
  const supportState = parseSupportState(newest && toSupportRow(newest).readiness);
  if (imageId !== null && supportState !== null) {
    const seenAt = isoOf(deps.clock.now());
    await deps.images.note({ imageId, supportState, runId: row.runId, vmId: begun.vmId, seenAt, lastOutcome: outcome });
  }
  deps.logs.scheduledInstallEnded({ runId: row.runId, vmId: begun.vmId, outcome, code });
  return { ...begun, outcome, code, imageId, supportState };
}
