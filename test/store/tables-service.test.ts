import { inspect } from "node:util";
import {
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { describe, expect, test } from "@jest/globals";
import { OperatorError } from "../../src/errors";
import { connectTable } from "../../src/store/table-connection";
import { TablesStore } from "../../src/store/tables";
import { answerOf, ImpatientClock } from "./lossy-transport";

const ENDPOINT = "https://goldpatch01.table.core.windows.net";
type Answer = (request: PipelineRequest) => PipelineResponse;
const created = answerOf(201);
/** The table is made when the store is used for the first time. */
const isForTable = ({ url }: PipelineRequest): boolean => new URL(url).pathname === "/Tables";

/** Answers so, the last answer for ever. */
function answering(
  sent: PipelineRequest[],
  rows: readonly Answer[] = [created],
  table: readonly Answer[] = [created],
): HttpClient {
  const next = { rows: [...rows], table: [...table] };
  return {
    sendRequest: async (request) => {
      sent.push(request);
      const queue = isForTable(request) ? next.table : next.rows;
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      if (!answer) throw new Error(`no answer for ${request.method} ${request.url}`);
      return answer(request);
    },
  };
}

function storeAnswered(...answers: readonly (readonly Answer[])[]) {
  const sent: PipelineRequest[] = [];
  const scopes: (string | string[])[] = [];
  const clock = new ImpatientClock();
  const credential = () => ({
    getToken: (scope: string | string[]) => {
      scopes.push(scope);
      return Promise.resolve({ token: "a-token", expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  });
  const [rows, table] = answers;
  const store = TablesStore.connect({ endpoint: ENDPOINT, credential, transport: answering(sent, rows, table) }, clock);
  const sentForRows = () => sent.filter((request) => !isForTable(request));
  return { store, sent, sentForRows, scopes, clock, credential };
}

const absent = answerOf(404, "ResourceNotFound");

describe("the table", () => {
  test("is made once, before the first use, however many come at a time", async () => {
    const { store, sent } = storeAnswered([absent]);
    expect(sent).toEqual([]);
    await Promise.all(["a", "b", "c"].map((key) => store.get("p", key)));
    await store.get("p", "d");
    expect(sent.map(isForTable)).toEqual([true, false, false, false, false]);
    expect(sent[0]?.body).toBe(JSON.stringify({ TableName: "goldpatch" }));
  });

  test("may be there already", async () => {
    const { store } = storeAnswered([absent], [answerOf(409, "TableAlreadyExists")]);
    expect(await store.get("p", "a")).toBeUndefined();
  });

  test("is asked for again after a failure", async () => {
    const { store } = storeAnswered([absent], [answerOf(403, "AuthorizationFailure"), created]);
    await expect(store.get("p", "a")).rejects.toThrow(OperatorError);
    expect(await store.get("p", "a")).toBeUndefined();
  });

  test("that is gone, or about to be, is no empty one: all that was remembered is lost", async () => {
    const gone = storeAnswered([answerOf(404, "TableNotFound")]).store;
    await expect(gone.get("p", "a")).rejects.toThrow(`${ENDPOINT} answered 404 TableNotFound`);
    await expect(gone.insertIfAbsent("p", "a", {})).rejects.toThrow("404 TableNotFound");
    const going = storeAnswered([answerOf(409, "TableBeingDeleted")]).store;
    await expect(going.insertIfAbsent("p", "a", {})).rejects.toThrow("409 TableBeingDeleted");
  });
});

describe("failures of the service", () => {
  test.each([408, 429, 500, 502, 503, 504])("%i passes: the request is sent again, after a pause", async (status) => {
    const { store, sentForRows, clock } = storeAnswered([answerOf(status), absent]);
    expect(await store.get("p", "a")).toBeUndefined();
    expect(sentForRows()).toHaveLength(2);
    expect(clock.waited).toEqual([250]);
  });

  test.each([
    ["1", 1_000],
    ["0", 250],
    ["3600", 5_000],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 250],
  ])("Retry-After %s is waited for, within limits", async (text, pause) => {
    const { store, clock } = storeAnswered([answerOf(503, "ServerBusy", { "retry-after": text }), absent]);
    await store.get("p", "a");
    expect(clock.waited).toEqual([pause]);
  });

  test.each([400, 405, 413, 501])("%i does not pass: nothing is sent again", async (status) => {
    const { store, sentForRows } = storeAnswered([answerOf(status, "Wrong")]);
    await expect(store.insertIfAbsent("p", "a", {})).rejects.toThrow(new Error(`${ENDPOINT} answered ${status} Wrong`));
    expect(sentForRows()).toHaveLength(1);
  });

  test.each([401, 403])("%i tells the operator which role is missing", async (status) => {
    const { store, sentForRows } = storeAnswered([answerOf(status, "AuthorizationPermissionMismatch")]);
    const message = `${ENDPOINT} answered ${status} AuthorizationPermissionMismatch: give the app's identity the role Storage Table Data Contributor on the storage account, and let its network in`;
    await expect(store.get("p", "a")).rejects.toThrow(new OperatorError(message));
    expect(sentForRows()).toHaveLength(1);
  });

  test("no request waits longer than ten seconds", async () => {
    const { store, sent } = storeAnswered([absent]);
    await store.get("p", "a");
    await expect(store.scan("p", "")).rejects.toThrow("404 ResourceNotFound");
    await expect(store.insertIfAbsent("p", "a", {})).resolves.toBe(false);
    expect(sent.map(({ timeout }) => timeout)).toEqual([10_000, 10_000, 10_000, 10_000]);
  });
});

test("a scan goes on after a page that is empty or short, as long as the service says that there is more", async () => {
  const more = { "x-ms-continuation-nextpartitionkey": "p", "x-ms-continuation-nextrowkey": "next" };
  const page =
    (keys: readonly string[], headers: Readonly<Record<string, string>> = {}): Answer =>
    (request) => ({
      ...answerOf(200, "", headers)(request),
      bodyAsText: JSON.stringify({
        value: keys.map((key) => ({ "odata.etag": "e", PartitionKey: "p", RowKey: key, w: "w", v0: "{}" })),
      }),
    });
  const { store, sentForRows } = storeAnswered([
    page([], more),
    answerOf(503),
    page(["b", "!0041"], more),
    page(["a"]),
  ]);
  expect((await store.scan("p", "")).map(({ key }) => key)).toEqual(["A", "a", "b"]);
  expect(sentForRows().map(({ url }) => new URL(url).searchParams.get("NextRowKey"))).toEqual([
    null,
    "next",
    "next",
    "next",
  ]);
});

describe("the token", () => {
  test("is one for storage, sent with every request to the account", async () => {
    const { store, sent, scopes } = storeAnswered([absent]);
    await store.get("p", "a");
    await store.insertIfAbsent("p", "a", {});
    expect(new Set(scopes.flat())).toEqual(new Set(["https://storage.azure.com/.default"]));
    expect(sent.map(({ url }) => new URL(url).origin)).toEqual([ENDPOINT, ENDPOINT, ENDPOINT]);
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(Array(3).fill("Bearer a-token"));
  });

  test.each(["https://elsewhere.example.net", "https://goldpatch02.table.core.windows.net"])(
    "never leaves for %s, redirected or not",
    async (elsewhere) => {
      const { store, sent, credential } = storeAnswered([answerOf(307, "", { location: `${elsewhere}/goldpatch` })]);
      await expect(store.get("p", "a")).rejects.toThrow(`${ENDPOINT} answered 307`);
      const { transport } = connectTable({ endpoint: ENDPOINT, credential, transport: answering(sent) });
      const request = createPipelineRequest({ url: `${elsewhere}/goldpatch` });
      await expect(transport.sendRequest(request)).rejects.toThrow(
        `refused to send a request to ${elsewhere}: it is not ${ENDPOINT}`,
      );
      expect(new Set(sent.map(({ url }) => new URL(url).origin))).toEqual(new Set([ENDPOINT]));
    },
  );

  test("and what was sent stay out of failures", async () => {
    const { store } = storeAnswered([answerOf(403, "AuthorizationFailure")]);
    const failure = await store.insertIfAbsent("p", "a", { text: "a-secret" }).catch((thrown: unknown) => thrown);
    expect(inspect(failure, { depth: 10 })).toContain("answered 403");
    expect(inspect(failure, { depth: 10 }) + JSON.stringify(failure)).not.toMatch(/a-token|a-secret/);
  });
});
