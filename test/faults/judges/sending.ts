import { canonicalVmId, parseVmId } from "../../../src/domain/machine/vm-id";
import { parseFleet } from "../../../src/local/simulated-azure";
import type { Played } from "../played";
import { postsOf, told, type Post } from "./posts";

/** Every request that left belongs to an intent, and no intent's request left twice. */
export function onePostPerIntent(played: Played): string[] {
  const seen = new Set<string>();
  return postsOf(played).flatMap((post) => {
    const id = post.line.clientRequestId ?? "";
    if (!post.intent) return [`${told(post)} has no intent`];
    if (["withheld"].includes(post.intent.state)) return [`${told(post)} has an intent that was withheld`];
    if (seen.has(id)) return [`${told(post)} is the second of its intent`];
    seen.add(id);
    return [];
  });
}

/**
 * Azure said definitely that it took nothing: no answer of its own may be doubted. 503 counts only where simulated
 * Azure started nothing, for without Retry-After it is no definite refusal.
 */
const definitelyRefused = ({ line, intent }: Post): boolean =>
  line.operationId === null && intent?.state === "refused" && line.status !== null && line.status !== 408;

/** A run sends its install again only when Azure refused the one before definitely. */
export function noSecondInstall(played: Played): string[] {
  const installs = postsOf(played).filter(({ kind }) => kind === "install");
  return [...Map.groupBy(installs, ({ intent }) => intent?.runId)].flatMap(([, posts]) =>
    posts
      .slice(0, -1)
      .filter((post) => !definitelyRefused(post))
      .map((post) => `${told(post)} was not refused, and yet another install followed`),
  );
}

/** A request leaves before the time that its intent names. */
export function noneAfterItsTime(played: Played): string[] {
  return postsOf(played)
    .filter(({ at, intent }) => intent !== undefined && at > intent.postNotAfter)
    .map((post) => `${told(post)} left after its postNotAfter`);
}

/** Nothing is sent for a run that has an outcome. */
export function noneFromAnEndedRun(played: Played): string[] {
  return postsOf(played)
    .filter(({ at, run }) => run?.endedAt != null && at > Date.parse(run.endedAt))
    .map((post) => `${told(post)} left after the run ended at ${post.run?.endedAt ?? ""}`);
}

/** Nothing is sent outside the scope, or while GOLDPATCH_PAUSED is on. */
export function noneOutsideTheScope(played: Played): string[] {
  const { GOLDPATCH_PAUSED, GOLDPATCH_SCOPE = "" } = played.schedule.settings;
  return postsOf(played).flatMap((post) => {
    if (GOLDPATCH_PAUSED === "true") return [`${told(post)} left while paused`];
    return post.vmId.startsWith(`${GOLDPATCH_SCOPE.toLowerCase()}/`) ? [] : [`${told(post)} left for ${post.vmId}`];
  });
}

/**
 * No request is meant between the answer to `stop` and the request to lift it. The switch is read after the intent was
 * written; what is stopped between that read and the request, a store's delay at most, still leaves.
 */
export function noneWhileStopped(played: Played): string[] {
  const switched = played.asked.filter(({ request }) => request.kind === "stop" || request.kind === "unstop");
  return postsOf(played).flatMap((post) => {
    const last = switched.findLast(({ at }) => at < post.meantAt);
    const lifted = switched.some(
      ({ request, askedAt }) => request.kind === "unstop" && askedAt <= post.at && askedAt >= post.meantAt,
    );
    return last?.request.kind === "stop" && !lifted ? [`${told(post)} left while stopped`] : [];
  });
}

/** Nothing is sent for a run whose cancellation was answered before the request was meant. */
export function noneAfterCancel(played: Played): string[] {
  const cancels = played.asked.filter(({ request }) => request.kind === "cancel");
  return postsOf(played).flatMap((post) => {
    const cancel = cancels.find(({ at, runIds, statuses }) => {
      const status = statuses[runIds.indexOf(post.run?.runId ?? "")];
      return at < post.meantAt && status === 202;
    });
    return cancel ? [`${told(post)} left although the run was cancelled at ${new Date(cancel.at).toISOString()}`] : [];
  });
}

/**
 * An install is sent only when the machine was idle, as far as it showed: what the instance view tells is read directly
 * before. It does not show what never reached the machine, and what it calls InProgress for more than six hours is not
 * believed (domain/machine/busy).
 */
export function noInstallBesideAnother(played: Played): string[] {
  const NOT_BELIEVED_AFTER_MS = 6 * 3_600_000;
  const skewMs = parseFleet(played.schedule.fleet).clockSkewSeconds * 1000;
  return postsOf(played).flatMap((post) => {
    if (post.kind !== "install") return [];
    // By our clock, of which Azure's whole seconds tell the beginning.
    const lookedAt = (post.intent?.baseline.azureTime ?? 0) - skewMs;
    const running = post.machine?.operations.find(
      ({ id, reaches, startsAt, endsAt }) =>
        reaches &&
        id !== post.line.operationId &&
        startsAt < lookedAt &&
        lookedAt + 1000 < endsAt &&
        lookedAt - startsAt < NOT_BELIEVED_AFTER_MS,
    );
    return running ? [`${told(post)} left while ${running.kind} ${running.id} ran`] : [];
  });
}

/**
 * An install is sent to the machine that was assessed, after an assessment that ended after the run's own was sent and
 * found Supported. Azure's times have whole seconds, so an assessment that ended within the second before may pass.
 */
export function noInstallWithoutSupport(played: Played): string[] {
  const RESOLUTION_MS = 2000;
  const posts = postsOf(played);
  return posts.flatMap((post) => {
    if (post.kind !== "install") return [];
    const own = posts.findLast(
      ({ kind, intent, at }) => kind === "assess" && intent?.runId === post.intent?.runId && at <= post.at,
    );
    if (!own) return [`${told(post)} left without an assessment`];
    // Deleted between the look and the request: Azure answers 404.
    if (!post.machine) return [];
    if (own.machine?.vmId !== post.machine.vmId) return [`${told(post)} left for another machine than was assessed`];
    const supported = post.machine.operations.some(
      ({ assessed, readiness, endsAt }) =>
        assessed !== undefined &&
        readiness?.toLowerCase() === "supported" &&
        endsAt <= post.at &&
        endsAt >= own.at - RESOLUTION_MS,
    );
    return supported ? [] : [`${told(post)} left without a fresh Supported`];
  });
}

/** Every run belongs to the VM that its requests name. */
export function noneForAnotherVm(played: Played): string[] {
  return postsOf(played).flatMap((post) => {
    const vmId = parseVmId(post.run?.vmId ?? "");
    return vmId && canonicalVmId(vmId) !== post.vmId ? [`${told(post)} left for ${post.vmId}`] : [];
  });
}
