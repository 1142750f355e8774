import type { DurableClient } from "durable-functions";
import type { Instances } from "./activities/run/deps";

/** States in which an orchestration is over. */
const OVER = ["completed", "failed", "canceled", "terminated"];

/** The durable client, as far as the app uses it. Management addresses and keys never pass this door. */
export function instancesOf(client: DurableClient): Instances {
  return {
    isAlive: async (instanceId) => (await lifeOf(client, instanceId)) !== "over",
    async start(name, instanceId, input) {
      try {
        await client.startNew(name, { instanceId, input });
      } catch (failure) {
        // 409 while the id runs; the text is all that the client gives, so the instance itself is asked.
        if ((await lifeOf(client, instanceId)) !== "alive") throw failure;
      }
    },
    async inputOf(instanceId) {
      try {
        return (await client.getStatus(instanceId, { showInput: true })).input;
      } catch {
        return undefined;
      }
    },
  };
}

async function lifeOf(client: DurableClient, instanceId: string): Promise<"alive" | "over" | "unknown"> {
  try {
    const { runtimeStatus } = await client.getStatus(instanceId);
    return OVER.includes(runtimeStatus.toLowerCase()) ? "over" : "alive";
  } catch (failure) {
    // The client has no other sign of an instance that does not exist (durable-functions 3.5.0, getStatus).
    return String(failure).includes("HTTP 404") ? "over" : "unknown";
  }
}
