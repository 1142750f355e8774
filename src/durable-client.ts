import { OrchestrationRuntimeStatus, type DurableClient } from "durable-functions";
import type { Instances } from "./activities/run/deps";
import type { Orchestration } from "./domain/run/life";
import { firstLine } from "./domain/text";

const { Completed, Failed, Terminated } = OrchestrationRuntimeStatus;

/** States in which an orchestration is over. */
const OVER = ["completed", "failed", "canceled", "terminated"];

/**
 * The durable client, as far as the app uses it. Management addresses and keys never pass this door.
 * @param clientOf called when something is asked of it: to make one takes longer than most activities, and few ask
 */
export function instancesOf(clientOf: () => DurableClient): Instances {
  return {
    look: (instanceId) => look(clientOf(), instanceId),
    async start(name, instanceId, input) {
      const client = clientOf();
      try {
        await client.startNew(name, { instanceId, input });
      } catch (failure) {
        // 409 while the id runs; the text is all that the client gives, so the instance itself is asked.
        if ((await look(client, instanceId)).kind !== "alive") throw failure;
      }
    },
    async inputOf(instanceId) {
      try {
        return (await clientOf().getStatus(instanceId, { showInput: true })).input;
      } catch {
        return undefined;
      }
    },
    // A body that is not JSON is refused.
    raise: (instanceId, event) => clientOf().raiseEvent(instanceId, event, {}),
    // The client puts the reason into the address as it is.
    terminate: (instanceId, reason) => clientOf().terminate(instanceId, encodeURIComponent(reason)),
    async purge(from, to) {
      const { instancesDeleted } = await clientOf().purgeInstanceHistoryBy({
        createdTimeFrom: new Date(from),
        createdTimeTo: new Date(to),
        runtimeStatus: [Completed, Failed, Terminated],
      });
      return instancesDeleted;
    },
  };
}

async function look(client: DurableClient, instanceId: string): Promise<Orchestration> {
  try {
    const { runtimeStatus, lastUpdatedTime, output } = await client.getStatus(instanceId, { showInput: false });
    if (!OVER.includes(runtimeStatus.toLowerCase())) return { kind: "alive", movedAt: lastUpdatedTime.getTime() };
    const failed = runtimeStatus !== Completed && typeof output === "string" && output !== "";
    return { kind: "over", status: runtimeStatus, ...(failed && { failure: firstLine(output) }) };
  } catch (failure) {
    // The client has no other sign of an instance that does not exist (durable-functions 3.5.0, getStatus).
    return { kind: String(failure).includes("HTTP 404") ? "missing" : "unknown" };
  }
}
