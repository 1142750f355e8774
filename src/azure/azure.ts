import type { Clock } from "../clock";
import type { ScopeEntry } from "../domain/machine/scope";
import type { VmId } from "../domain/machine/vm-id";
import type { Logs } from "../logs";
import { TOO_MANY_REQUESTS } from "./answers";
import type { Arm } from "./arm";
import type { MachineLook } from "./compute/machine-reader";
import type { PatchOperation, PostAnswer, RequestIds } from "./compute/operation-starter";
import { postPower, type PowerAnswer, type PowerRequest } from "./compute/power";
import { postAnyOperation, readAnyMachine } from "./machines";
import { readOperation, type OperationLook } from "./operations/operation-reader";
import { readCandidates, type CandidatePage } from "./resource-graph/candidates";
import { assessmentQuery, type AssessmentRows } from "./resource-graph/assessment-rows";
import { readMissingPatches, type MissingPatches } from "./resource-graph/missing-patches";
import { installationQuery, type InstallationRows } from "./resource-graph/installation-rows";
import { readMembership, type Membership } from "./resource-graph/membership";
import { readSweepVms, readVmsOfImage, type GraphPlaces, type SweepVmPage } from "./resource-graph/sweep-vms";
import { MachineRows, queryMachineRows, type Rows } from "./resource-graph/machine-rows";

/** All that activities ask of Azure. Nothing here retries: a wait belongs to a durable timer. */
export interface Azure {
  readMachine(vmId: VmId): Promise<MachineLook>;
  /** The same with queries of its own, at once: for somebody who waits for the answer. */
  queryMachine(vmId: VmId): Promise<MachineLook>;
  postOperation(vmId: VmId, operation: PatchOperation, ids: RequestIds, signal: AbortSignal): Promise<PostAnswer>;
  /** Starts a VM or deallocates it; on one that is as it shall be it changes nothing. */
  postPower(vmId: VmId, request: PowerRequest, ids: RequestIds, signal: AbortSignal): Promise<PowerAnswer>;
  /** @param pollerState as kept from the POST's answer */
  readOperation(subscriptionId: string, pollerState: string): Promise<OperationLook>;
  /** @param machineId the machine's ARM id in lower case */
  readAssessmentRows(machineId: string): Promise<AssessmentRows>;
  /** The same in queries of its own, at once, in the machines' order: for somebody who waits for the answer. */
  queryAssessmentRows(machineIds: readonly string[]): Promise<AssessmentRows[]>;
  /** @param machineId the VM's ARM id in lower case */
  readMissingPatches(machineId: string): Promise<MissingPatches>;
  /** @param machineId the VM's ARM id in lower case */
  readInstallationRows(machineId: string): Promise<InstallationRows>;
  readCandidates(scope: readonly ScopeEntry[], skipToken: string | undefined): Promise<CandidatePage>;
  readSweepVms(places: GraphPlaces, skipToken: string | undefined): Promise<SweepVmPage>;
  /** Whether a subscription lies below a management group. */
  readMembership(subscriptionId: string, managementGroup: string): Promise<Membership>;
  /** @param image how the image's id begins, in any case */
  readVmsOfImage(image: string, scope: readonly ScopeEntry[], skipToken: string | undefined): Promise<SweepVmPage>;
}

/** Every 429 is told, whatever its caller makes of it. */
export function createAzure(arm: Arm, clock: Clock, logs: Pick<Logs, "azureThrottled">): Azure {
  const assessments = new MachineRows(arm, clock, assessmentQuery);
  const installations = new MachineRows(arm, clock, installationQuery);
  const rows = {
    assessments: (machineId: string) => assessments.read(machineId),
    installations: (machineId: string) => installations.read(machineId),
  };
  const ownRows = {
    assessments: (machineId: string) => ofOne(queryMachineRows(arm, assessmentQuery, [machineId])),
    installations: (machineId: string) => ofOne(queryMachineRows(arm, installationQuery, [machineId])),
  };
  const told = async <T extends Answer>(call: keyof Azure, answer: Promise<T>): Promise<T> => {
    const given = await answer;
    if (isThrottled(given)) logs.azureThrottled({ call });
    return given;
  };
  return {
    readMachine: (vmId) => told("readMachine", readAnyMachine(arm, vmId, rows)),
    queryMachine: (vmId) => told("queryMachine", readAnyMachine(arm, vmId, ownRows)),
    postOperation: (vmId, operation, ids, signal) =>
      told("postOperation", postAnyOperation(arm, vmId, operation, ids, signal)),
    postPower: (vmId, request, ids, signal) => told("postPower", postPower(arm, vmId, request, ids, signal)),
    readOperation: (subscriptionId, pollerState) =>
      told("readOperation", readOperation(arm, subscriptionId, pollerState)),
    readAssessmentRows: (machineId) => told("readAssessmentRows", assessments.read(machineId)),
    async queryAssessmentRows(machineIds) {
      const rows = await queryMachineRows(arm, assessmentQuery, machineIds);
      if (rows.some(isThrottled)) logs.azureThrottled({ call: "queryAssessmentRows" });
      return rows;
    },
    readMissingPatches: (machineId) => told("readMissingPatches", readMissingPatches(arm, machineId)),
    readInstallationRows: (machineId) => told("readInstallationRows", installations.read(machineId)),
    readCandidates: (scope, skipToken) => told("readCandidates", readCandidates(arm, scope, skipToken)),
    readSweepVms: (places, skipToken) => told("readSweepVms", readSweepVms(arm, places, skipToken)),
    readMembership: (subscriptionId, managementGroup) =>
      told("readMembership", readMembership(arm, subscriptionId, managementGroup)),
    readVmsOfImage: (image, scope, skipToken) => told("readVmsOfImage", readVmsOfImage(arm, image, scope, skipToken)),
  };
}

async function ofOne<T>(rows: Promise<Rows<T>[]>): Promise<Rows<T>> {
  const [one] = await rows;
  return one ?? { kind: "read", rows: [] };
}

type Answer =
  | MachineLook
  | PostAnswer
  | PowerAnswer
  | OperationLook
  | AssessmentRows
  | MissingPatches
  | InstallationRows
  | CandidatePage
  | SweepVmPage
  | Membership;

function isThrottled(answer: Answer): boolean {
  if (answer.kind === "refused") return "error" in answer && answer.error.status === TOO_MANY_REQUESTS;
  return answer.kind === "unavailable" && answer.throttled === true;
}
