import { createHttpHeaders, createPipelineRequest, type HttpClient } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { readArcMachine, type ArcRows } from "../../src/azure/arc/machine-reader";
import { postArcOperation } from "../../src/azure/arc/operation-starter";
import { Arm } from "../../src/azure/arm";
import { simulatedCredential } from "../../src/azure/arm-transport";
import { readOperation } from "../../src/azure/operations/operation-reader";
import { assessmentQuery, type AssessmentRows } from "../../src/azure/resource-graph/assessment-rows";
import { installationQuery, type InstallationRows } from "../../src/azure/resource-graph/installation-rows";
import { arcId } from "./adapter-calls";

const DATE = "Tue, 01 Dec 2026 06:00:00 GMT";
const ADDRESS = `https://management.azure.com/subscriptions/${arcId.subscriptionId}/providers/Microsoft.HybridCompute/locations/x/updateCenterOperationResults/bbbbbbbb-0000-4000-8000-000000000000?api-version=2025-01-13`;
const ACTIVITY = "68f8b292-dfc2-4646-9781-33cc88631968";
const ids = { clientRequestId: "client", correlationRequestId: "correlation" };
const never = new AbortController().signal;
const example = (file: string): unknown =>
  (
    JSON.parse(readFileSync(`test/examples/hybridcompute/${file}`, "utf8")) as {
      responses: { 200: { body: unknown } };
    }
  ).responses[200].body;

/** An ARM that gives one answer, whatever it is asked. */
function armAnswering(status: number, body: unknown, headers: Record<string, string> = { date: DATE }): Arm {
  const transport: HttpClient = {
    sendRequest: (request) =>
      Promise.resolve({
        request: createPipelineRequest({ url: request.url }),
        status,
        headers: createHttpHeaders(headers),
        bodyAsText: typeof body === "string" ? body : JSON.stringify(body ?? null),
      }),
  };
  return new Arm(simulatedCredential, transport);
}

const rows = (assessments: object[] = [], installations: object[] = []): ArcRows => ({
  assessments: () => Promise.resolve({ kind: "read", rows: assessments.map((row) => assessmentQuery.row.parse(row)) }),
  installations: () =>
    Promise.resolve({ kind: "read", rows: installations.map((row) => installationQuery.row.parse(row)) }),
});

describe("reading a server", () => {
  const body = {
    id: "/subscriptions/s/…",
    location: "westeurope",
    tags: null,
    properties: {
      ...{ vmId: "22222222-2222-4222-8222-222222222222", osType: "linux", status: "Connected", agentVersion: "1.47" },
      ...{ lastStatusChange: "2026-11-30T06:00:00.1234567Z", provisioningState: "Succeeded", unknown: [1] },
    },
  };
  const view = {
    ...{ azureTime: Date.parse(DATE), location: "westeurope", osType: "Linux", provisioningState: "Succeeded" },
    ...{ vmGuid: "22222222-2222-4222-8222-222222222222", image: {}, tags: {} },
    arc: { status: "Connected", agentVersion: "1.47", changedAt: Date.parse("2026-11-30T06:00:00.123Z") },
  };

  test("that was never worked on: no summaries", async () => {
    expect(await readArcMachine(armAnswering(200, body), arcId, rows())).toEqual({ kind: "found", view });
  });

  test("whose agent has reported nothing: what is null is not told", async () => {
    const nothing = { id: "x", location: "westeurope", properties: { status: null, osType: null, agentVersion: null } };
    expect(await readArcMachine(armAnswering(200, nothing), arcId, rows())).toEqual({
      kind: "found",
      view: { azureTime: Date.parse(DATE), location: "westeurope", arc: {}, image: {}, tags: {} },
    });
  });

  test("by its rows: the newest installation, the assessment, and who began them", async () => {
    const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.HybridCompute/machines/Server-1";
    const installation = (name: string, properties: object) => ({
      id: `${id}/patchInstallationResults/${name}`,
      properties,
    });
    const look = await readArcMachine(
      armAnswering(200, body),
      arcId,
      rows(
        [
          {
            id: `${id}/patchAssessmentResults/latest`,
            name: ACTIVITY,
            properties: {
              ...{ status: "NotStarted", startedBy: "Platform", startDateTime: "2026-12-01T05:00:00Z" },
              availablePatchCountByClassification: { security: 1, critical: 2, other: 3, tools: null },
            },
          },
        ],
        [
          installation("old", { status: "Succeeded", startDateTime: "2026-11-01T05:00:00Z" }),
          installation("New", {
            ...{ status: "Failed", startDateTime: "2026-12-01T05:30:00Z", startedBy: "User", installedPatchCount: 0 },
            ...{ maintenanceRunId: "/subscriptions/s/…/applyupdates/1", maintenanceWindowExceeded: false },
            errorDetails: { code: "1", message: "no space" },
          }),
          installation("timeless", { status: "Succeeded" }),
        ],
      ),
    );

    expect(look).toMatchObject({
      view: {
        assessment: {
          ...{ status: "InProgress", activityId: ACTIVITY, startedBySystem: true },
          startedAt: Date.parse("2026-12-01T05:00:00Z"),
          counts: { criticalAndSecurityPatchCount: 3, otherPatchCount: 3 },
        },
        installation: {
          ...{ status: "Failed", activityId: "new", startedBySystem: true, errorCode: "1", errorMessage: "no space" },
          ...{ counts: { installedPatchCount: 0 }, maintenanceWindowExceeded: false },
        },
      },
    });
  });

  test.each([
    ["404", 404, "{}", { kind: "notFound" }],
    ["403", 403, '{"error":{"code":"AuthorizationFailed","message":"no"}}', { kind: "forbidden" }],
    ["a page", 200, "<html>", { kind: "unavailable", message: "Azure's answer is no Arc-enabled server" }],
    ["429", 429, "{}", { kind: "unavailable", throttled: true }],
  ])("answered %s", async (_, status, answer, look) => {
    expect(await readArcMachine(armAnswering(status, answer), arcId, rows())).toMatchObject(look);
  });

  test("whose answer has no Date, which the baseline needs", async () => {
    expect(await readArcMachine(armAnswering(200, body, {}), arcId, rows())).toEqual({
      kind: "unavailable",
      message: "Azure's answer carries no Date header",
    });
  });

  test.each(["assessments", "installations"] as const)("is no look at all without its %s", async (which) => {
    const gone: AssessmentRows & InstallationRows = { kind: "unavailable", message: "slow" };
    const broken = { ...rows(), [which]: () => Promise.resolve(gone) };
    expect(await readArcMachine(armAnswering(200, body), arcId, broken)).toEqual(gone);
  });
});

describe("starting an operation on a server", () => {
  test.each([
    ["Location alone", { location: ADDRESS }, { address: "arm" }],
    ["both addresses", { location: ADDRESS, "azure-asyncoperation": ADDRESS }, { address: "arm" }],
    ["an address elsewhere", { location: "https://operations.example.net/1" }, { address: "foreign" }],
    ["the placeholder of the official example", { location: "eastus2euap" }, { address: "foreign" }],
    ["no address", {}, { address: "none" }],
  ])("accepted with %s: no id is read from it", async (_, headers, operation) => {
    const arm = armAnswering(202, "", { date: DATE, ...headers });
    const answer = await postArcOperation(arm, arcId, { kind: "assess" }, ids, never);

    expect(answer).toMatchObject({ kind: "accepted", operation: { acceptedAt: Date.parse(DATE), ...operation } });
    expect(answer).not.toHaveProperty("operation.activityId");
  });

  test("answered at once with the result: its id is known", async () => {
    const arm = armAnswering(200, example("Machine_AssessPatches.2025-01-13.json"));
    expect(await postArcOperation(arm, arcId, { kind: "assess" }, ids, never)).toMatchObject({
      kind: "accepted",
      operation: { address: "none", activityId: ACTIVITY },
    });
  });

  test.each([
    [
      409,
      { error: { code: "Conflict", message: "busy" } },
      { kind: "refused", error: { status: 409, code: "Conflict" } },
    ],
    [500, "oops", { kind: "refused", error: { status: 500 } }],
  ])("answered %s", async (status, body, answer) => {
    const arm = armAnswering(status, body);
    expect(await postArcOperation(arm, arcId, { kind: "assess" }, ids, never)).toMatchObject(answer);
  });

  test("cut off: nobody knows", async () => {
    const arm = new Arm(simulatedCredential, { sendRequest: () => Promise.reject(new Error("reset")) });
    expect(await postArcOperation(arm, arcId, { kind: "assess" }, ids, never)).toEqual({
      kind: "unanswered",
      reason: "reset",
    });
  });
});

describe("the result of an operation on a server", () => {
  const state = JSON.stringify({
    state: { config: { operationLocation: ADDRESS, metadata: { mode: "ResourceLocation" } } },
  });
  const read = (status: number, body: unknown) =>
    readOperation(armAnswering(status, body), arcId.subscriptionId, state);

  test("of the official example of an assessment: counts from the classes", async () => {
    expect(await read(200, example("Machine_AssessPatches.2025-01-13.json"))).toEqual({
      kind: "ended",
      state: "succeeded",
      result: {
        ...{ status: "Succeeded", activityId: ACTIVITY, rebootPending: true, unfinishedPatches: [] },
        counts: { criticalAndSecurityPatchCount: 0, otherPatchCount: 2 },
      },
    });
  });

  test("of the official example of an installation", async () => {
    expect(await read(200, example("Machine_InstallPatches.2024-07-10.json"))).toMatchObject({
      result: { rebootStatus: "Completed", counts: { installedPatchCount: 3, pendingPatchCount: 2 } },
    });
  });

  test("of a failure: the error of the result", async () => {
    const errorDetails = { code: "1", message: "no space" };
    expect(await read(200, { status: "Failed", installedPatchCount: 0, errorDetails })).toMatchObject({
      ...{ kind: "ended", state: "failed", errorCode: "1", errorMessage: "no space" },
    });
  });

  test("that may not be read names the action", async () => {
    expect(await read(403, "{}")).toEqual({
      kind: "forbidden",
      message:
        "403: may not read the operation (Microsoft.HybridCompute/locations/updateCenterOperationResults/read on the subscription)",
    });
  });
});
