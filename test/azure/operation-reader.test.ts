import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "@jest/globals";
import { Arm } from "../../src/azure/arm";
import { simulatedCredential } from "../../src/azure/arm-transport";
import { readOperation } from "../../src/azure/operations/operation-reader";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const ADDRESS = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/x/operations/1?p=1`;

interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The state that the SDK's poller keeps after a 202 with both headers, or with Location only. */
const pollerState = (mode: "OperationLocation" | "ResourceLocation") =>
  JSON.stringify({
    state: {
      status: "running",
      config: {
        metadata: { mode },
        operationLocation: mode === "OperationLocation" ? ADDRESS : `${ADDRESS}&monitor=true`,
        ...(mode === "OperationLocation" && { resourceLocation: `${ADDRESS}&monitor=true` }),
      },
    },
  });

/** Reads one operation from answers by address. */
async function read(
  answers: Readonly<Record<string, Scripted>>,
  mode: "OperationLocation" | "ResourceLocation" = "OperationLocation",
) {
  const transport: HttpClient = {
    sendRequest(request) {
      const key = request.url.includes("monitor=true") ? "location" : "operation";
      const answer = answers[key];
      if (!answer) return Promise.reject(new Error(`nobody answers at ${key}`));
      const { status, body, headers = {} } = answer;
      return Promise.resolve({
        request: createPipelineRequest({ url: request.url }),
        status,
        headers: createHttpHeaders({ ...headers }),
        bodyAsText: typeof body === "string" ? body : JSON.stringify(body ?? null),
      });
    },
  };
  return readOperation(new Arm(simulatedCredential, transport), SUBSCRIPTION, pollerState(mode));
}

/** A Linux result whose list was cut (azure-addenda A2): the counts stay complete. */
const cutResult = {
  status: "Succeeded",
  installationActivityId: "a",
  rebootStatus: "NotNeeded",
  maintenanceWindowExceeded: false,
  installedPatchCount: 32,
  failedPatchCount: 2,
  pendingPatchCount: 1,
  patches: [
    { name: "bash", version: "5.1", installationState: "Installed" },
    { name: "curl", version: "8.0", installationState: "Failed" },
    {
      patchId: "Truncated_patch_list_id",
      name: "20 additional updates of classification Other reported",
      version: "0.0.0",
    },
  ],
};
const counted = {
  counts: { installedPatchCount: 32, failedPatchCount: 2, pendingPatchCount: 1 },
  unfinishedPatches: ["Failed: curl 8.0"],
};

describe("a result's numbers come from its count fields, wherever the result stands", () => {
  test.each([
    [
      "in properties.output",
      { operation: { status: 200, body: { status: "Succeeded", properties: { output: cutResult } } } },
      "OperationLocation",
    ],
    [
      "at Location only",
      { operation: { status: 200, body: { status: "Succeeded" } }, location: { status: 200, body: cutResult } },
      "OperationLocation",
    ],
    ["as the answer itself", { location: { status: 200, body: cutResult } }, "ResourceLocation"],
  ] as const)("%s", async (_where, answers, mode) => {
    expect(await read(answers, mode)).toMatchObject({ kind: "ended", state: "succeeded", result: counted });
  });
});

test.each([
  [
    "still running",
    { status: 200, body: { status: "InProgress" }, headers: { "retry-after": "17" } },
    { kind: "running", retryAfterMs: 17_000 },
  ],
  ["a word that nobody documented", { status: 200, body: { status: "Pondering" } }, { kind: "running" }],
  [
    "failed, with its code",
    { status: 200, body: { status: "Failed", error: { code: "C", message: "M" } } },
    { kind: "ended", state: "failed", errorCode: "C", errorMessage: "M" },
  ],
  [
    "an error on success is none",
    {
      status: 200,
      body: {
        status: "Succeeded",
        properties: { output: { ...cutResult, error: { code: "Success", message: "0 error/s reported" } } },
      },
    },
    { kind: "ended", state: "succeeded" },
  ],
  ["gone", { status: 404 }, { kind: "gone" }],
  [
    "forbidden, and names the permission",
    { status: 403 },
    { kind: "forbidden", message: expect.stringContaining("Microsoft.Compute/locations/operations/read") },
  ],
  ["an error of its own", { status: 409, headers: { "retry-after": "5" } }, { kind: "refused", retryAfterMs: 5000 }],
  ["throttled", { status: 429 }, { kind: "unavailable", throttled: true }],
  ["an internal error", { status: 500, headers: { "retry-after": "5" } }, { kind: "unavailable", retryAfterMs: 5000 }],
  ["a truncated body", { status: 200, body: '{"status":"Succ' }, { kind: "unavailable" }],
] as const)("%s", async (_what, operation, look) => {
  expect(await read({ operation })).toMatchObject(look);
});

test("a connection that breaks says nothing about the operation", async () => {
  expect(await read({})).toMatchObject({ kind: "unavailable" });
});
