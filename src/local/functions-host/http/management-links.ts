/** The task hub's name; it only shows in addresses. */
export const TASK_HUB = "goldpatch";

export const WEBHOOK_PATH = "/runtime/webhooks/durabletask";

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

/** The value of a `durableClient` input, from which `durable-functions` makes its client. */
export function durableClientInput(origin: string, systemKey: string, rpcPath: string): Record<string, unknown> {
  const query = requiredQuery(systemKey);
  return {
    taskHubName: TASK_HUB,
    creationUrls: {
      createNewInstancePostUri: `${origin}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]?${query}`,
      createAndWaitOnNewInstancePostUri: `${origin}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]?${query}`,
    },
    managementUrls: managementLinks(origin, systemKey, ID_PLACEHOLDER),
    baseUrl: `${origin}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: query,
    rpcBaseUrl: `${origin}${rpcPath}`,
  };
}

const requiredQuery = (systemKey: string): string => `taskHub=${TASK_HUB}&connection=Storage&code=${systemKey}`;
