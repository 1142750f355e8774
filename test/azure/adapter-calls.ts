import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { Arm } from "../../src/azure/arm";
import { ARM_ORIGIN, simulatedCredential } from "../../src/azure/arm-transport";
import { createAzure, type Azure } from "../../src/azure/azure";
import { createLogs } from "../../src/logs";
import type { OutgoingCall } from "../../src/azure/permissions";
import type { Clock } from "../../src/clock";
import { scopeIdOf } from "../../src/azure/maintenance/assignments";
import { createMaintenanceApi, type MaintenanceApi } from "../../src/azure/maintenance/maintenance";
import { formatMaintenanceRunId } from "../../src/domain/maintenance/schedule-id";
import { canonicalVmId } from "../../src/domain/machine/vm-id";

const HOME = "11111111-2222-4333-8444-555555555555";
export const vmId = { kind: "azureVm", subscriptionId: HOME, resourceGroup: "rg", name: "vm-1" } as const;
export const arcId = { ...vmId, kind: "arc", name: "server-1" } as const;
export const machineId = canonicalVmId(vmId);
export const imageId = "/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/images/gold";
export const install = { maximumDuration: "PT1H", rebootSetting: "Never", linuxParameters: {} } as const;
const operation = `${ARM_ORIGIN}/subscriptions/${HOME}/providers/Microsoft.Compute/locations/westeurope/operations/1`;
const pollerState = JSON.stringify({
  state: {
    config: {
      operationLocation: `${operation}?api-version=2026-04-01&s=signed`,
      resourceLocation: `${operation}?api-version=2026-04-01&monitor=true&s=signed`,
      metadata: { mode: "AzureAsyncOperation" },
    },
  },
});
const arcPollerState = JSON.stringify({
  state: {
    config: {
      operationLocation: `${ARM_ORIGIN}/subscriptions/${HOME}/providers/Microsoft.HybridCompute/locations/westeurope/updateCenterOperationResults/1?api-version=2025-01-13`,
      metadata: { mode: "ResourceLocation" },
    },
  },
});

const ids = { clientRequestId: "", correlationRequestId: "" };
const never = new AbortController().signal;

/** On which no time passes: reads share a query once all of them are waiting. */
const clock: Clock = {
  now: () => 0,
  at(_instant, fire) {
    const immediate = setImmediate(fire);
    return () => clearImmediate(immediate);
  },
};

/** Every way that activities have to Azure: one that is added does not compile until it is called here. */
const everything: { readonly [name in keyof Azure]: (azure: Azure) => Promise<unknown>[] } = {
  readMachine: (azure) => [azure.readMachine(vmId), azure.readMachine(arcId)],
  queryMachine: (azure) => [azure.queryMachine(vmId)],
  postOperation: (azure) => [
    azure.postOperation(vmId, { kind: "assess" }, ids, never),
    azure.postOperation(vmId, { kind: "install", request: install }, ids, never),
    azure.postOperation(arcId, { kind: "assess" }, ids, never),
    azure.postOperation(arcId, { kind: "install", request: install }, ids, never),
  ],
  postPower: (azure) => [azure.postPower(vmId, "start", ids, never), azure.postPower(vmId, "deallocate", ids, never)],
  readOperation: (azure) => [azure.readOperation(HOME, pollerState), azure.readOperation(HOME, arcPollerState)],
  readAssessmentRows: (azure) => [azure.readAssessmentRows(machineId)],
  queryAssessmentRows: (azure) => [azure.queryAssessmentRows([machineId])],
  readMissingPatches: (azure) => [azure.readMissingPatches(machineId)],
  readInstallationRows: (azure) => [azure.readInstallationRows(machineId)],
  readCandidates: (azure) => [azure.readCandidates([{ subscriptionId: HOME }], undefined)],
  readVmsOfImage: (azure) => [azure.readVmsOfImage(imageId, [{ subscriptionId: HOME }], undefined)],
  readSweepVms: (azure) => [azure.readSweepVms({ scope: [{ subscriptionId: HOME }] }, undefined)],
  readMembership: (azure) => [azure.readMembership(HOME, "platform")],
};

export const scheduleId = { subscriptionId: HOME, resourceGroup: "rg", name: "weekly" };
const run = { schedule: scheduleId, run: "20261201220000" };
export const runId = formatMaintenanceRunId(run).toLowerCase();

/** Every way to Microsoft.Maintenance. */
const maintenance: { readonly [name in keyof MaintenanceApi]: (api: MaintenanceApi) => Promise<unknown>[] } = {
  putSchedule: (api) => [api.putSchedule(scheduleId, {})],
  readSchedule: (api) => [api.readSchedule(scheduleId)],
  listSchedules: (api) => [api.listSchedules(HOME)],
  deleteSchedule: (api) => [api.deleteSchedule(scheduleId)],
  assignVm: (api) => [api.assignVm(scheduleId, vmId, "westeurope"), api.assignVm(scheduleId, arcId, "westeurope")],
  assignmentsOf: (api) => [api.assignmentsOf(scheduleId, vmId), api.assignmentsOf(scheduleId, arcId)],
  assignScope: (api) => [api.assignScope(scheduleId, HOME, "web", {})],
  removeAssignment: (api) => [api.removeAssignment(HOME, scopeIdOf(HOME, "web"))],
  readAssociations: (api) => [api.readAssociations(scheduleId, [HOME])],
  readScopesOfSubscription: (api) => [api.readScopesOfSubscription(HOME)],
  readPatchSettings: (api) => [api.readPatchSettings(vmId), api.readPatchSettings(arcId)],
  setPeriodicAssessment: (api) => [
    api.setPeriodicAssessment(vmId, "Linux", true),
    api.setPeriodicAssessment(arcId, "Linux", true),
  ],
  applyPrerequisites: (api) => [api.applyPrerequisites(vmId, "Linux")],
  readScopeVms: (api) => [api.readScopeVms(HOME)],
  cancelRun: (api) => [api.cancelRun(run)],
  readScheduledInstallations: (api) => [api.readScheduledInstallations([runId], [HOME])],
};

/** What the adapters send, by the real SDK. An operation ended without its result, so that the result is read too. */
export async function callsOfAdapters(): Promise<OutgoingCall[]> {
  const calls: OutgoingCall[] = [];
  const transport: HttpClient = {
    sendRequest(request) {
      const { method, url, body } = request;
      calls.push({ method, url, body: typeof body === "string" ? JSON.parse(body) : null });
      const bodyAsText = JSON.stringify({ status: "Succeeded", data: [] });
      return Promise.resolve({ request, status: 200, headers: createHttpHeaders(), bodyAsText });
    },
  };
  const azure = createAzure(
    new Arm(simulatedCredential, transport),
    clock,
    createLogs(() => undefined),
  );
  const api = createMaintenanceApi(new Arm(simulatedCredential, transport));
  await Promise.all([
    ...Object.values(everything).flatMap((call) => call(azure)),
    ...Object.values(maintenance).flatMap((call) => call(api)),
  ]);
  return calls;
}
