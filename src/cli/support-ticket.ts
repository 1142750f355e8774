import type { RunView } from "../contracts/api/runs";

/** The names of one request in Azure's logs. */
export interface AzureRequest {
  readonly step: string;
  readonly at: string;
  readonly activityId?: string;
  readonly requestId?: string;
  readonly correlationRequestId?: string;
  readonly clientRequestId?: string;
}

const NAMES = [
  ["activityId", "activity id"],
  ["requestId", "x-ms-request-id"],
  ["correlationRequestId", "x-ms-correlation-request-id"],
  ["clientRequestId", "x-ms-client-request-id"],
] as const;

/** The requests of a run that Azure has, or may have, in its logs. */
export const azureRequests = ({ steps }: RunView): AzureRequest[] =>
  steps.flatMap(({ name, attempt, startedAt, evidence }) => {
    const ids = NAMES.flatMap(([id]) => {
      const value: unknown = Reflect.get(evidence, id);
      return typeof value === "string" ? [[id, value] as const] : [];
    });
    const step = attempt > 1 ? `${name} (${attempt})` : name;
    return ids.length === 0 ? [] : [{ step, at: startedAt, ...Object.fromEntries(ids) }];
  });

/** What a support request to Azure asks for. */
export function ticketText(run: RunView): string {
  const requests = azureRequests(run);
  if (requests.length === 0) return "For a support request: no operation of this run reached Azure.";
  const width = Math.max(...NAMES.map(([, name]) => name.length));
  const lines = requests.flatMap((request) => [
    `  ${request.step}, begun ${request.at}`,
    ...NAMES.flatMap(([id, name]) => (request[id] === undefined ? [] : [`    ${name.padEnd(width)}  ${request[id]}`])),
  ]);
  return ["For a support request to Azure:", ...lines].join("\n");
}
