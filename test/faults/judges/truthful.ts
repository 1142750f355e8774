import type { OutcomeCode } from "../../../src/domain/outcome/table";
import type { RunRecord } from "../../../src/ledger/runs";
import type { MachineTruth } from "../../../src/local/simulated-azure";
import type { Played } from "../played";
import { postsOf, type Post } from "./posts";
import { slackMs } from "./slack";

const named = (run: RunRecord): string => `run ${run.runId} (${String(run.code)})`;

const machinesOf = ({ truth }: Played, run: RunRecord): MachineTruth[] =>
  truth.filter(({ id }) => id === run.vmId.toLowerCase());

const spanOf = (run: RunRecord) => ({ from: Date.parse(run.startedAt), to: Date.parse(run.endedAt ?? run.startedAt) });

const runsWith = (played: Played, code: OutcomeCode): RunRecord[] => played.runs.filter((run) => run.code === code);

/** "Not found" is said only of a VM that was not there at some moment of the run. */
export function notFoundMeansGone(played: Played): string[] {
  return runsWith(played, "VmNotFound").flatMap((run) => {
    const { from, to } = spanOf(run);
    const always = machinesOf(played, run).some(({ createdAt, deletedAt }) => createdAt <= from && to < deletedAt);
    return always ? [`${named(run)} did not find a VM that was there all the time`] : [];
  });
}

/** "Replaced" is said only of a VM that was. */
export function replacedMeansReplaced(played: Played): string[] {
  return runsWith(played, "VmReplaced").flatMap((run) => {
    const { from, to } = spanOf(run);
    const seen = machinesOf(played, run).filter(({ createdAt, deletedAt }) => createdAt <= to && from < deletedAt);
    return seen.length < 2 ? [`${named(run)} saw another machine where there was none`] : [];
  });
}

/** A support state that a run tells was found by an assessment of that machine. */
export function supportStateIsTrue(played: Played): string[] {
  return played.runs.flatMap((run) => {
    const told = run.code === "UnsupportedImage" ? "unsupported" : run.supportState?.toLowerCase();
    if (told === undefined || told === "unknown") return [];
    const found = machinesOf(played, run).some(({ operations }) =>
      operations.some(({ readiness, endsAt }) => readiness?.toLowerCase() === told && endsAt <= spanOf(run).to),
    );
    return found ? [] : [`${named(run)} says ${told}, which no assessment found`];
  });
}

/**
 * "Nothing pending" is said only when the run's last assessment found no critical and no security patch, or somebody
 * installed them since.
 */
export function nothingPendingIsTrue(played: Played): string[] {
  const posts = postsOf(played);
  return runsWith(played, "NothingPending").flatMap((run) => {
    const own = lastOf(posts, run, "assess")?.operation;
    const pending = own?.assessed?.patches.filter(({ classification }) =>
      ["Critical", "Security"].includes(classification),
    );
    const ofRun = posts.flatMap(({ intent, operation }) => (intent?.runId === run.runId ? (operation?.id ?? []) : []));
    const installedSince = machinesOf(played, run).some(({ operations }) =>
      operations.some(
        ({ id, kind, startsAt, endsAt }) =>
          kind === "install" && !ofRun.includes(id) && startsAt >= (own?.startsAt ?? 0) && endsAt <= spanOf(run).to,
      ),
    );
    return pending?.length && !installedSince ? [`${named(run)} overlooks ${pending.length} patches`] : [];
  });
}

const lastOf = (posts: readonly Post[], run: RunRecord, kind: Post["kind"]): Post | undefined =>
  posts.findLast((post) => post.kind === kind && post.intent?.runId === run.runId && post.operation !== undefined);

/** Codes that tell of an install that Azure took, or may have taken. */
const TELLS_OF_AN_INSTALL: ReadonlySet<string> = new Set<OutcomeCode>([
  "Patched",
  "SomePatchesFailed",
  "PatchesPending",
  "WindowExceeded",
  "RebootPending",
  "RebootFailed",
  "AzureReportedFailure",
  "NotWellAfterInstall",
  "NothingInstalled",
  "NothingInstalledSomeFailed",
  "InstallFailed",
  "InstallStillRunning",
  "FinalStateUnreadable",
  "IntentUnresolved",
]);

/** An install that Azure took is told of, in the code and in the number of requests. */
export function aTakenInstallIsTold(played: Played): string[] {
  const posts = postsOf(played);
  return played.runs.flatMap((run) => {
    const taken = posts.filter(
      ({ kind, intent, operation }) => kind === "install" && intent?.runId === run.runId && operation !== undefined,
    );
    if (taken.length === 0) return [];
    return [
      ...(TELLS_OF_AN_INSTALL.has(run.code ?? "") ? [] : [`${named(run)} does not tell of its install`]),
      ...(run.installPosts < taken.length ? [`${named(run)} tells of ${run.installPosts} installs`] : []),
    ];
  });
}

/**
 * An install whose answer was lost is found again if the machine ever showed it: after the settle time the run looks
 * until the VM can be read. What began only later, never reached the machine, or went with it shows nowhere; and a run
 * whose look was killed again and again ends by its rows.
 */
export function lostInstallsAreFound(played: Played): string[] {
  const settleMs = Number(played.schedule.settings.GOLDPATCH_SETTLE_SECONDS ?? "90") * 1000;
  const posts = postsOf(played);
  return runsWith(played, "IntentUnresolved").flatMap((run) => {
    const own = lastOf(posts, run, "install");
    const killed = played.deliveries.some(
      ({ fate, instanceId }) => fate.startsWith("killed") && instanceId.startsWith(run.runId),
    );
    if (!own?.operation?.reaches || !own.intent || killed) return [];
    const lookedAt = own.intent.postNotAfter + settleMs;
    const there = own.machine !== undefined && own.machine.deletedAt > spanOf(run).to;
    const replaced = own.machine?.operations.some(
      ({ kind, startsAt }) => kind === "install" && startsAt > (own.operation?.startsAt ?? 0) && startsAt < lookedAt,
    );
    return own.operation.startsAt <= lookedAt && there && !replaced
      ? [`${named(run)} did not find its install ${own.operation.id}`]
      : [];
  });
}

/** "Supported", like an install, rests on an assessment that ended after the run's own was sent. */
export function supportedMeansFresh(played: Played): string[] {
  const RESOLUTION_MS = 2000;
  const posts = postsOf(played);
  return runsWith(played, "Supported").flatMap((run) => {
    const own = posts.findLast(({ kind, intent }) => kind === "assess" && intent?.runId === run.runId);
    const fresh = machinesOf(played, run).some(({ operations }) =>
      operations.some(
        ({ readiness, assessed, endsAt }) =>
          assessed !== undefined &&
          readiness?.toLowerCase() === "supported" &&
          endsAt >= (own?.at ?? Infinity) - RESOLUTION_MS &&
          endsAt <= spanOf(run).to,
      ),
    );
    return fresh ? [] : [`${named(run)} rests on no fresh assessment`];
  });
}

/** "Held by a run" names a run that worked on the VM meanwhile. */
export function heldMeansHeld(played: Played): string[] {
  return runsWith(played, "HeldByRun").flatMap((run) => {
    const holder = played.runs.find(({ runId }) => runId === run.detail);
    const { from, to } = spanOf(run);
    const meanwhile = holder && spanOf(holder).from <= to && from <= spanOf(holder).to + slackMs(played);
    return meanwhile ? [] : [`${named(run)} names ${String(run.detail)}, which did not hold the VM`];
  });
}
