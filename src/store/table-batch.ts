import { randomUUID } from "node:crypto";
import { createHttpHeaders, createPipelineRequest, RestError, type PipelineResponse } from "@azure/core-rest-pipeline";
import type { RowWrite } from "./limits";
import type { TableConnection } from "./table-connection";
import { toEntity } from "./table-entity";
import { toTableKey } from "./table-key";

/**
 * Sends an entity group transaction (learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions).
 * Not by the SDK's `submitTransaction`, which deletes rows whatever their etag.
 * @throws RestError with the status and code of the row that refused all of them
 */
export async function sendBatch(
  { client, transport, address }: TableConnection,
  partition: string,
  writes: readonly RowWrite[],
  writer: string,
): Promise<void> {
  const [batch, changes] = [`batch_${randomUUID()}`, `changeset_${randomUUID()}`];
  const parts = writes.flatMap((write) => [
    `--${changes}`,
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    "",
    ...partOf(`${address}/${client.tableName}`, partition, write, writer),
  ]);
  const body = [
    `--${batch}`,
    `Content-Type: multipart/mixed; boundary=${changes}`,
    "",
    ...parts,
    `--${changes}--`,
    `--${batch}--`,
    "",
  ].join("\r\n");
  const request = createPipelineRequest({
    url: `${address}/$batch`,
    method: "POST",
    headers: createHttpHeaders({
      accept: "application/json",
      "content-type": `multipart/mixed; boundary=${batch}`,
      dataserviceversion: "3.0",
      "x-ms-version": "2019-02-02",
    }),
    body,
    allowInsecureConnection: address.startsWith("http:"),
  });
  refuseFailure(await client.pipeline.sendRequest(transport, request), writes.length);
}

function partOf(table: string, partition: string, write: RowWrite, writer: string): string[] {
  const row = `${table}(PartitionKey='${inAddress(partition)}',RowKey='${inAddress(write.key)}')`;
  const common = ["Accept: application/json;odata=minimalmetadata", "DataServiceVersion: 3.0"];
  if (write.kind === "delete") return [`DELETE ${row} HTTP/1.1`, ...common, `If-Match: ${write.etag}`, "", ""];
  const content = ["Content-Type: application/json", "", JSON.stringify(toEntity(partition, write, writer))];
  return write.kind === "insert"
    ? [`POST ${table} HTTP/1.1`, ...common, "Prefer: return-no-content", ...content]
    : [`PUT ${row} HTTP/1.1`, ...common, `If-Match: ${write.etag}`, ...content];
}

const inAddress = (key: string): string => encodeURIComponent(toTableKey(key));

/** The answer is 202 even when nothing was done: it then holds one part, for the row that refused. */
function refuseFailure(response: PipelineResponse, expected: number): void {
  const { request, status, bodyAsText } = response;
  const statuses = [...(bodyAsText ?? "").matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, text]) => Number(text));
  const statusCode = status === 202 ? statuses.find((part) => part >= 300) : status;
  if (statusCode !== undefined) throw new RestError("the batch was refused", { statusCode, request, response });
  if (statuses.length === expected) return;
  throw new RestError("the answer is not complete", { code: RestError.PARSE_ERROR, request, response });
}
