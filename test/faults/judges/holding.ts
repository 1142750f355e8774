import type { Played } from "../played";
import { postsOf } from "./posts";
import { slackMs } from "./slack";

/**
 * A lease is given back when its run ended, or kept because something of the run may still work on the VM: an intent
 * nobody could resolve, or an operation whose end was not seen. Then the next run takes it over once the VM is idle.
 */
export function leasesAreReleased(played: Played): string[] {
  return played.vms.flatMap(({ id, lease, intents }) => {
    if (!lease?.held) return [];
    const loose = intents.some(
      ({ runId, state, accepted }) =>
        runId === lease.runId &&
        (state === "open" || state === "untraced" || (accepted !== undefined && !accepted.ended)),
    );
    return loose ? [] : [`${id} is still held by run ${lease.runId}, of which nothing is left`];
  });
}

/**
 * While an operation of an ended run works on the VM, the run keeps its lease. An operation that never reached the
 * machine shows nowhere, and one that began only after the run ended could not be seen.
 */
export function leasesAreKept(played: Played): string[] {
  return postsOf(played).flatMap(({ operation, run, vmId }) => {
    if (!operation?.reaches || !run?.endedAt) return [];
    const endedAt = Date.parse(run.endedAt);
    if (endedAt <= operation.startsAt || endedAt + slackMs(played) >= operation.endsAt) return [];
    const lease = played.vms.find(({ id }) => id === vmId)?.lease;
    const passedOn = played.runs.find(({ runId }) => runId === lease?.runId);
    const takenAt = Date.parse(passedOn?.steps.find(({ name }) => name === "claimRun")?.endedAt ?? "");
    const keptUntil = lease?.runId === run.runId ? (lease.held ? Infinity : endedAt) : takenAt;
    return keptUntil < operation.endsAt
      ? [`run ${run.runId} (${String(run.code)}) gave up ${vmId} while its ${operation.kind} ${operation.id} ran`]
      : [];
  });
}

/** Every slot for active runs is free again. */
export function slotsAreFree(played: Played): string[] {
  return played.slots.map((runId) => `a slot is still held by run ${runId}`);
}

/**
 * Nothing is left to happen, and every orchestration completed. The child that starts an operation never repeats an
 * activity whose worker was killed: it fails, and the run resolves the intent.
 */
export function everythingCameToRest(played: Played): string[] {
  const killed = new Set(
    played.deliveries.filter(({ fate }) => fate.startsWith("killed")).map(({ instanceId }) => instanceId),
  );
  return [
    ...(played.cameToRest ? [] : ["something still runs after two days"]),
    ...played.orchestrations
      .filter(({ runtimeStatus }) => runtimeStatus !== "Completed")
      .filter(({ instanceId }) => !(instanceId.includes("-start-") && killed.has(instanceId)))
      .map(({ instanceId, name, runtimeStatus }) => `${name} ${instanceId} is ${runtimeStatus}`),
  ];
}
