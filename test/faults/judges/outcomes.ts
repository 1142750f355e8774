import { eventRunId } from "../../../src/ledger/keys";
import { canonicalVmId, parseVmId } from "../../../src/domain/machine/vm-id";
import { readVmWrite } from "../../../src/triggers/events/vm-write-event";
import type { RunRecord } from "../../../src/ledger/runs";
import type { Played } from "../played";
import { postsOf } from "./posts";

const named = (run: RunRecord): string => `run ${run.runId} (${String(run.code)})`;

/** Whatever was asked for, by request or by event, has a run. */
export function everyRequestHasARun(played: Played): string[] {
  const known = new Set(played.runs.map(({ runId }) => runId));
  const asked = played.asked.flatMap(({ request, runIds }) => (request.kind === "run" ? runIds : []));
  const scope = `${(played.schedule.settings.GOLDPATCH_SCOPE ?? "").toLowerCase()}/`;
  const byEvents = played.eventsTaken.flatMap((event) => {
    const write = readVmWrite(event);
    if (write.kind === "ignored") return [];
    const id = canonicalVmId(write.vmId);
    return id.startsWith(scope) ? [eventRunId(id, write.correlationId)] : [];
  });
  return [...asked, ...new Set(byEvents)]
    .filter((runId) => !known.has(runId))
    .map((runId) => `run ${runId} has no row`);
}

/** Every run ends, with one outcome and no step left open. */
export function everyRunHasOneOutcome(played: Played): string[] {
  return played.runs.flatMap((run) => {
    const logged = new Set(
      played.logs
        .filter((line) => line.includes('"event":"runEnded"') && line.includes(run.runId))
        .map((line) => /"code":"(\w+)"/.exec(line)?.[1]),
    );
    return [
      ...(run.outcome === null || run.code === null || run.endedAt === null ? [`run ${run.runId} has no outcome`] : []),
      ...(run.steps.some(({ endedAt }) => endedAt === null) ? [`${named(run)} has a step that never ended`] : []),
      ...(logged.size > 1 || !logged.has(run.code ?? "")
        ? [`${named(run)} was said to end as ${[...logged].join(" and as ")}`]
        : []),
    ];
  });
}

/**
 * What a run says it installed is what its own operation installed.
 *
 * One case is not its fault: an install request of ours was lost without effect, and within the time in which it might
 * have taken effect somebody else's install began. Nothing that Azure shows tells the two apart (DESIGN: never twice,
 * adoption by activity id and start), so the run adopts it.
 */
export function patchedByUsIsOurs(played: Played): string[] {
  const posts = postsOf(played);
  return played.runs.flatMap((run) => {
    const mine = posts.filter(({ kind, intent }) => kind === "install" && intent?.runId === run.runId);
    const claims = ["patched", "patchedWithWarnings"].includes(run.outcome ?? "") || run.installedPatchCount > 0;
    if (!claims) return [];
    const taken = mine.find(({ operation }) => operation !== undefined);
    if (!taken?.operation) {
      const adopted = mine.some(({ intent }) => intent?.accepted?.adopted === true);
      return adopted ? [] : [`${named(run)} claims an install that Azure never took`];
    }
    const followed = taken.intent?.accepted?.activityId;
    if (followed !== taken.operation.id)
      return [`${named(run)} followed ${String(followed)}, not ${taken.operation.id}`];
    if (!taken.operation.installed) return [`${named(run)} claims an install that broke`];
    return [];
  });
}

/** Codes of runs that did not follow their install to its end, or could not read its numbers. */
const WITHOUT_NUMBERS = ["FinalStateUnreadable", "InstallStillRunning", "IntentUnresolved", "InternalError"];

/** Where an install of ours was followed to its end, its numbers are the true ones. */
export function numbersAreTrue(played: Played): string[] {
  const posts = postsOf(played);
  return played.runs.flatMap((run) => {
    const own = posts.findLast(
      ({ kind, intent, operation }) => kind === "install" && intent?.runId === run.runId && operation !== undefined,
    );
    if (!own?.operation || own.intent?.accepted?.adopted) return [];
    if (WITHOUT_NUMBERS.includes(run.code ?? "")) return [];
    const count = (state: string) =>
      own.operation?.installed?.entries.filter((entry) => entry.state === state).length ?? 0;
    const [installed, failed] = [count("Installed"), count("Failed")];
    return run.installedPatchCount === installed && run.failedPatchCount === failed
      ? []
      : [
          `${named(run)} says ${run.installedPatchCount} installed, ${run.failedPatchCount} failed; ` +
            `Azure installed ${installed}, ${failed} failed`,
        ];
  });
}

/** "Patched" is said only of an install that left nothing over that Azure told of. */
export function patchedMeansAll(played: Played): string[] {
  const posts = postsOf(played);
  return played.runs.flatMap((run) => {
    if (run.code !== "Patched") return [];
    const own = posts.find(
      ({ kind, intent, operation }) => kind === "install" && intent?.runId === run.runId && operation,
    );
    const { entries = [], status } = own?.operation?.installed ?? {};
    const left = entries.filter(({ state }) => state === "Failed" || state === "Pending").length;
    return own && (left > 0 || status === "Failed") ? [`${named(run)} left ${left} patches over`] : [];
  });
}

/** One run a VM and correlation id; ids name the VM they are for. */
export function runsNameTheirVm(played: Played): string[] {
  return played.runs
    .filter((run) => parseVmId(run.vmId) === undefined)
    .map((run) => `run ${run.runId} is for "${run.vmId}", which is no VM`);
}
