import type { NamedData } from "../core/contract";
import { bindingsOf, isType, type RegisteredFunction } from "../core/registry";
import type { HostKeys } from "./keys";

/** The task hub's name; it only shows in addresses. */
export const TASK_HUB = "goldpatch";

export const WEBHOOK_PATH = "/runtime/webhooks/durabletask";

/** Where the durable client reaches the same API, behind a secret path segment. */
export const RPC_PATH = "/durabletask/";

const ID_PLACEHOLDER = "INSTANCEID";

/** The addresses under which one instance is managed. Whoever has them can terminate or purge any instance. */
export function managementLinks(origin: string, systemKey: string, instanceId: string): Record<string, string> {
  const instance = `${origin}${WEBHOOK_PATH}/instances/${instanceId}`;
  const query = requiredQuery(systemKey);
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

/** Gives every `durableClient` input of a function the value from which `durable-functions` makes its client. */
export function durableClientInputs(origin: string, keys: HostKeys): (fn: RegisteredFunction) => NamedData[] {
  const query = requiredQuery(keys.systemKey);
  const start = `${origin}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]?${query}`;
  const json = JSON.stringify({
    taskHubName: TASK_HUB,
    creationUrls: { createNewInstancePostUri: start, createAndWaitOnNewInstancePostUri: start },
    managementUrls: managementLinks(origin, keys.systemKey, ID_PLACEHOLDER),
    baseUrl: `${origin}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: query,
    rpcBaseUrl: `${origin}${RPC_PATH}${keys.rpcSecret}/`,
  });
  return (fn) =>
    bindingsOf(fn.metadata)
      .filter(({ binding }) => isType(binding, "durableClient") || isType(binding, "orchestrationClient"))
      .map(({ name }) => ({ name, data: { json } }));
}

const requiredQuery = (systemKey: string): string => `taskHub=${TASK_HUB}&connection=Storage&code=${systemKey}`;
