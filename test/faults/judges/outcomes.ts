import { eventRunId } from "../../../src/ledger/keys";
import { canonicalVmId, parseVmId } from "../../../src/domain/machine/vm-id";
import { readVmWrite } from "../../../src/triggers/events/vm-write-event";
import type { RunRecord } from "../../../src/ledger/runs";
import { parseFleet } from "../../../src/local/simulated-azure";
import type { Played } from "../played";
import { postsOf, type Post } from "./posts";

const named = (run: RunRecord): string => `run ${run.runId} (${String(run.code)})`;

/** Whatever was asked for, by request or by event, has a run. */
export function everyRequestHasARun(played: Played): string[] {
  const known = new Set(played.runs.map(({ runId }) => runId));
  const asked = played.asked.flatMap(({ request, runIds }) => (request.kind === "run" ? runIds : []));
  const scope = `${(played.schedule.settings.GOLDPATCH_SCOPE ?? "").toLowerCase()}/`;
  const byEvents = played.eventsTaken.flatMap((event) => {
    const write = readVmWrite(event);
    if (write.kind !== "vmWritten") return [];
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

const claims = ({ outcome, installedPatchCount }: RunRecord): boolean =>
  ["patched", "patchedWithWarnings"].includes(outcome ?? "") || installedPatchCount > 0;

const installsOf = (posts: readonly Post[], { runId }: RunRecord): Post[] =>
  posts.filter(({ kind, intent }) => kind === "install" && intent?.runId === runId);

/**
 * Runs that took somebody else's install for theirs: their own request was lost without effect, and within the time in
 * which it might have taken effect the other began. Nothing that Azure shows tells the two apart (DESIGN: never twice,
 * adoption by activity id and start), so this is counted and no violation.
 */
export function adoptedInGoodFaith(played: Played): RunRecord[] {
  const posts = postsOf(played);
  return played.runs.filter((run) => {
    const mine = installsOf(posts, run);
    return claims(run) && mine.every(({ operation }) => !operation) && mine.some((post) => beganAfterIt(played, post));
  });
}

/** Whether the adopted install began after the look that the request's intent was written on. */
function beganAfterIt({ truth, schedule }: Played, { intent }: Post): boolean {
  if (!intent?.accepted?.adopted) return false;
  const lookedAt = intent.baseline.azureTime - parseFleet(schedule.fleet).clockSkewSeconds * 1000;
  return truth.some(({ operations }) =>
    operations.some(({ id, startsAt }) => id === intent.accepted?.activityId && startsAt >= lookedAt),
  );
}

/** What a run says it installed is what its own operation installed. */
export function patchedByUsIsOurs(played: Played): string[] {
  const posts = postsOf(played);
  const adopted = adoptedInGoodFaith(played);
  return played.runs.filter(claims).flatMap((run) => {
    const taken = installsOf(posts, run).find(({ operation }) => operation !== undefined);
    if (!taken?.operation)
      return adopted.includes(run) ? [] : [`${named(run)} claims an install that Azure never took`];
    const followed = taken.intent?.accepted?.activityId;
    if (followed !== taken.operation.id)
      return [`${named(run)} followed ${String(followed)}, not ${taken.operation.id}`];
    return taken.operation.installed ? [] : [`${named(run)} claims an install that broke`];
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
