import type { Clock } from "../clock";
import type { ScopeEntry } from "../domain/machine/scope";
import type { VmId } from "../domain/machine/vm-id";
import type { Arm } from "./arm";
import { readMachine, type MachineLook } from "./compute/machine-reader";
import { postOperation, type PatchOperation, type PostAnswer, type RequestIds } from "./compute/operation-starter";
import { readOperation, type OperationLook } from "./operations/operation-reader";
import { readCandidates, type CandidatePage } from "./resource-graph/candidates";
import { assessmentQuery, type AssessmentRows } from "./resource-graph/assessment-rows";
import { installationQuery, type InstallationRows } from "./resource-graph/installation-rows";
import { MachineRows, queryOneMachine } from "./resource-graph/machine-rows";

/** All that activities ask of Azure. Nothing here retries: a wait belongs to a durable timer. */
export interface Azure {
  readMachine(vmId: VmId): Promise<MachineLook>;
  postOperation(vmId: VmId, operation: PatchOperation, ids: RequestIds, signal: AbortSignal): Promise<PostAnswer>;
  /** @param pollerState as kept from the POST's answer */
  readOperation(subscriptionId: string, pollerState: string): Promise<OperationLook>;
  /** @param machineId the VM's ARM id in lower case */
  readAssessmentRows(machineId: string): Promise<AssessmentRows>;
  /** The same in a query of its own, at once: for somebody who waits for the answer. */
  queryAssessmentRows(machineId: string): Promise<AssessmentRows>;
  /** @param machineId the VM's ARM id in lower case */
  readInstallationRows(machineId: string): Promise<InstallationRows>;
  readCandidates(scope: readonly ScopeEntry[], skipToken: string | undefined): Promise<CandidatePage>;
}

export function createAzure(arm: Arm, clock: Clock): Azure {
  const assessments = new MachineRows(arm, clock, assessmentQuery);
  const installations = new MachineRows(arm, clock, installationQuery);
  return {
    readMachine: (vmId) => readMachine(arm, vmId),
    postOperation: (vmId, operation, ids, signal) => postOperation(arm, vmId, operation, ids, signal),
    readOperation: (subscriptionId, pollerState) => readOperation(arm, subscriptionId, pollerState),
    readAssessmentRows: (machineId) => assessments.read(machineId),
    queryAssessmentRows: (machineId) => queryOneMachine(arm, assessmentQuery, machineId),
    readInstallationRows: (machineId) => installations.read(machineId),
    readCandidates: (scope, skipToken) => readCandidates(arm, scope, skipToken),
  };
}
